//! Prints the document: `make openapi` puts it into public/.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    io::stdout().write_all(openapi::text().as_bytes())
}
