//! The `encargo:command` sections in the modules and components within a component, where a linker leaves them.

use wasmparser::{Chunk, Parser, Payload};

use crate::{PackError, SECTION};

/// How deep modules and components may be nested; linkers make two levels.
pub(crate) const DEEPEST: usize = 8;

/// The contents of every such section; those of the component's own top level are left out.
pub(crate) fn sections(component: &[u8]) -> Result<Vec<&[u8]>, PackError> {
    let mut found = Vec::new();
    walk(component, Parser::new(0), 0, &mut found)?;
    Ok(found)
}

fn walk<'a>(mut rest: &'a [u8], mut parser: Parser, depth: usize, found: &mut Vec<&'a [u8]>) -> Result<(), PackError> {
    if depth > DEEPEST {
        return Err(PackError::TooDeep);
    }
    loop {
        let at = parser.offset();
        let Chunk::Parsed { consumed, payload } = parser.parse(rest, true)? else {
            return Err(cut(at));
        };
        rest = &rest[consumed..];
        match payload {
            Payload::CustomSection(section) if section.name() == SECTION && depth > 0 => found.push(section.data()),
            Payload::CodeSectionStart { size, .. } => {
                parser.skip_section();
                rest = rest.get(size as usize..).ok_or_else(|| cut(parser.offset()))?;
            }
            Payload::ModuleSection { parser: inner, unchecked_range }
            | Payload::ComponentSection { parser: inner, unchecked_range } => {
                let within = rest.split_at_checked(unchecked_range.len());
                let (within, after) = within.ok_or_else(|| cut(unchecked_range.start as u64))?;
                walk(within, inner, depth + 1, found)?;
                rest = after;
            }
            Payload::End(_) => return Ok(()),
            _ => {}
        }
    }
}

fn cut(offset: u64) -> PackError {
    PackError::Damaged {
        offset: usize::try_from(offset).unwrap_or(usize::MAX),
        problem: "a section ends behind the end of the file".to_owned(),
    }
}
