//! The policy's words as one tree of letters: a word of the text is walked through it letter by
//! letter, so the number of the policy's words does not count. From each letter on a walk takes as
//! many steps as a word of the policy goes the same way.

use std::collections::HashMap;

use super::entry::Piece;
use super::fold::Form;
use super::word::Word;

/// The fewest letters of a word whose plural is found with it.
const SHORTEST_WITH_PLURAL: usize = 3;
const PLURALS: [&[char]; 2] = [&['s'], &['e', 's']];

/// One of the policy's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct WordId(usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Node(usize);

/// Where pieces begin that a word of the text must begin with.
const AT_START: Node = Node(0);
/// Where pieces begin that may stand anywhere in a word of the text.
const ANYWHERE: Node = Node(1);

/// All words of a policy.
#[derive(Debug, Clone)]
pub(super) struct Vocabulary {
    words: HashMap<Piece, WordId>,
    letters: HashMap<(Node, char), Node>,
    /// For each node, the pieces of which it is the last letter.
    ends: Vec<Vec<End>>,
}

#[derive(Debug, Clone, Copy)]
struct End {
    word: WordId,
    form: Form,
    after: After,
}

/// What may stand after a piece in a word of the text.
#[derive(Debug, Clone, Copy)]
enum After {
    Nothing,
    Plural,
    Anything,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            words: HashMap::new(),
            letters: HashMap::new(),
            ends: vec![Vec::new(), Vec::new()],
        }
    }
}

impl Vocabulary {
    /// The piece's number, the same for each time it occurs.
    pub(super) fn insert(&mut self, piece: Piece) -> WordId {
        if let Some(word) = self.words.get(&piece) {
            return *word;
        }
        let word = WordId(self.words.len());
        let forms = forms(&piece);
        let root = if piece.open_start { ANYWHERE } else { AT_START };
        let after = After::of(&piece);
        let mut walked: Vec<(Vec<char>, Node)> = Vec::new();
        for &form in forms {
            let letters = form.of(&piece.letters);
            let same = walked.iter().find(|(others, _)| *others == letters);
            let last = match same {
                Some((_, last)) => *last,
                None => letters
                    .iter()
                    .fold(root, |node, letter| self.step(node, *letter)),
            };
            walked.push((letters, last));
            if let Some(ends) = self.ends.get_mut(last.0) {
                ends.push(End { word, form, after });
            }
        }
        self.words.insert(piece, word);
        word
    }

    fn step(&mut self, node: Node, letter: char) -> Node {
        let ends = &mut self.ends;
        *self.letters.entry((node, letter)).or_insert_with(|| {
            ends.push(Vec::new());
            Node(ends.len() - 1)
        })
    }

    /// The policy's words that a word of the text is; some may be there several times.
    pub(super) fn find(&self, word: &Word) -> Vec<WordId> {
        let mut found = Vec::new();
        for (form, letters) in &word.forms {
            self.walk(AT_START, letters, *form, &mut found);
            for start in 0..letters.len() {
                let from_start = letters.get(start..).unwrap_or_default();
                self.walk(ANYWHERE, from_start, *form, &mut found);
            }
        }
        found
    }

    fn walk(&self, root: Node, letters: &[char], form: Form, found: &mut Vec<WordId>) {
        let mut node = root;
        let mut rest = letters;
        while let Some((letter, after)) = rest.split_first() {
            let Some(next) = self.letters.get(&(node, *letter)) else {
                return;
            };
            (node, rest) = (*next, after);
            let ends = self.ends.get(node.0).into_iter().flatten();
            let here = ends.filter(|end| end.form == form && end.after.allows(rest));
            found.extend(here.map(|end| end.word));
        }
    }
}

/// The forms in which a piece is found.
fn forms(piece: &Piece) -> &'static [Form] {
    let has_letter = piece.letters.iter().any(|letter| letter.is_alphabetic());
    let has_digit = piece.letters.iter().any(|letter| letter.is_numeric());
    if piece.unspaced || !has_letter {
        &[Form::Plain]
    } else if has_digit {
        // Digits in a row make another number, x100 is not x10.
        &[Form::Plain, Form::Unmasked]
    } else {
        &Form::ALL
    }
}

impl After {
    fn of(piece: &Piece) -> Self {
        let has_plural = piece.letters.len() >= SHORTEST_WITH_PLURAL
            && piece.letters.last().is_some_and(char::is_ascii_alphabetic);
        match (piece.open_end, has_plural) {
            (true, _) => After::Anything,
            (false, true) => After::Plural,
            (false, false) => After::Nothing,
        }
    }

    fn allows(self, rest: &[char]) -> bool {
        match self {
            After::Nothing => rest.is_empty(),
            After::Plural => rest.is_empty() || PLURALS.contains(&rest),
            After::Anything => true,
        }
    }
}
