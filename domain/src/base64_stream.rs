//! Base64 (RFC 4648, section 4) of bytes that come in chunks. Three bytes become four characters, so
//! up to two bytes wait for the next chunk.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The bytes that one group of characters stands for.
const GROUP: usize = 3;

/// Encodes chunk by chunk; what it gives, put together, is the encoding of the whole.
#[derive(Debug, Default)]
pub struct Base64Stream {
    /// At most two bytes.
    waiting: Vec<u8>,
}

impl Base64Stream {
    /// The characters of all bytes so far that make whole groups, but for those already given.
    #[must_use]
    pub fn encode(&mut self, chunk: &[u8]) -> String {
        let missing = (GROUP - self.waiting.len()) % GROUP;
        let Some((first, rest)) = chunk.split_at_checked(missing) else {
            self.waiting.extend(chunk);
            return String::new();
        };
        self.waiting.extend(first);
        let mut text = STANDARD.encode(&self.waiting);
        let (groups, left) = rest.split_at(rest.len() - rest.len() % GROUP);
        STANDARD.encode_string(groups, &mut text);
        self.waiting.clear();
        self.waiting.extend(left);
        text
    }

    /// The characters of the bytes that are left, padded.
    #[must_use]
    pub fn finish(self) -> String {
        STANDARD.encode(self.waiting)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn encode(chunks: &[Vec<u8>]) -> String {
        let mut stream = Base64Stream::default();
        let mut text: String = chunks.iter().map(|chunk| stream.encode(chunk)).collect();
        text.push_str(&stream.finish());
        text
    }

    #[test]
    fn it_is_the_base64_of_the_standard() {
        // RFC 4648, section 10.
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(&[bytes.into()]), text);
            let single: Vec<_> = bytes.bytes().map(|byte| vec![byte]).collect();
            assert_eq!(encode(&single), text);
        }
    }

    proptest! {
        #[test]
        fn the_chunks_make_no_difference(chunks in vec(vec(any::<u8>(), 0..10), 0..10)) {
            prop_assert_eq!(encode(&chunks), STANDARD.encode(chunks.concat()));
        }

        #[test]
        fn no_more_than_two_bytes_wait(chunks in vec(vec(any::<u8>(), 0..10), 0..10)) {
            let mut stream = Base64Stream::default();
            for chunk in &chunks {
                let text = stream.encode(chunk);
                prop_assert!(stream.waiting.len() < GROUP);
                prop_assert!(!text.contains('='), "padding before the end: {}", text);
            }
        }
    }
}
