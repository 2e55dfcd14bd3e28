//! The policy's terms, phrases and patterns as one tree of words. A text goes through it word by
//! word with every place in the tree that has been reached so far, so that phrases which begin alike
//! cost no more than one.

use std::collections::HashMap;

use super::entry::Step;
use super::vocabulary::{Vocabulary, WordId};
use super::word::Word;

/// The most words that a `*` alone stands for.
const WIDEST_GAP: usize = 3;

/// The place of a category in its policy.
pub(super) type CategoryIndex = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Node(usize);

const ROOT: Node = Node(0);

/// All entries of a policy.
#[derive(Debug, Clone)]
pub(super) struct Sequences {
    next: HashMap<(Node, WordId), Node>,
    /// For each node what else there is to it.
    nodes: Vec<Ending>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Ending {
    /// The first category with an entry that ends here.
    category: Option<CategoryIndex>,
    /// Where a gap after it leads.
    gap: Option<Node>,
}

/// A node that has been reached. Ordered so that of the same node the one with most before it comes
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reached {
    node: Node,
    /// How many words of a gap are used up.
    passed: usize,
}

impl Default for Sequences {
    fn default() -> Self {
        Self {
            next: HashMap::new(),
            nodes: vec![Ending::default()],
        }
    }
}

impl Sequences {
    pub(super) fn insert(
        &mut self,
        steps: Vec<Step>,
        category: CategoryIndex,
        vocabulary: &mut Vocabulary,
    ) {
        let last = steps.into_iter().fold(ROOT, |node, step| match step {
            Step::Word(piece) => self.after_word(node, vocabulary.insert(piece)),
            Step::Gap => self.after_gap(node),
        });
        if let Some(ending) = self.nodes.get_mut(last.0) {
            // Categories come in the policy's order.
            ending.category.get_or_insert(category);
        }
    }

    fn after_word(&mut self, node: Node, word: WordId) -> Node {
        let nodes = &mut self.nodes;
        *self.next.entry((node, word)).or_insert_with(|| add(nodes))
    }

    fn after_gap(&mut self, node: Node) -> Node {
        if let Some(gap) = self.ending(node).gap {
            return gap;
        }
        let gap = add(&mut self.nodes);
        if let Some(ending) = self.nodes.get_mut(node.0) {
            ending.gap = Some(gap);
        }
        gap
    }

    fn ending(&self, node: Node) -> Ending {
        self.nodes.get(node.0).copied().unwrap_or_default()
    }

    /// The first category with an entry that is found in these words.
    pub(super) fn first_category(
        &self,
        words: &[Word],
        vocabulary: &Vocabulary,
    ) -> Option<CategoryIndex> {
        let mut first: Option<CategoryIndex> = None;
        let mut reached = Vec::new();
        for word in words {
            let found = vocabulary.find(word);
            reached = self.step(&reached, &found);
            let here = reached
                .iter()
                .filter_map(|at| self.ending(at.node).category);
            first = first.into_iter().chain(here).min();
        }
        first
    }

    /// What is reached with one more word of the text, which is all of these of the policy.
    fn step(&self, reached: &[Reached], found: &[WordId]) -> Vec<Reached> {
        let mut next = Vec::new();
        for at in reached.iter().filter(|at| at.passed < WIDEST_GAP) {
            next.push(Reached {
                passed: at.passed + 1,
                ..*at
            });
        }
        let nodes = reached.iter().map(|at| at.node).chain([ROOT]);
        for node in nodes {
            let after = found
                .iter()
                .filter_map(|word| self.next.get(&(node, *word)));
            for node in after {
                // Only a gap can be passed through.
                next.push(Reached {
                    node: *node,
                    passed: WIDEST_GAP,
                });
                let gap = self.ending(*node).gap;
                next.extend(gap.map(|node| Reached { node, passed: 0 }));
            }
        }
        next.sort_unstable();
        next.dedup_by_key(|at| at.node);
        next
    }
}

fn add(nodes: &mut Vec<Ending>) -> Node {
    nodes.push(Ending::default());
    Node(nodes.len() - 1)
}
