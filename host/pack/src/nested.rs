//! The custom sections in the modules and components within a component, where a linker leaves them.

use encargo_model::text;
use wasmparser::{Chunk, Parser, Payload};

use crate::PackError;

/// How deep modules and components may be nested; linkers make two levels.
pub(crate) const DEEPEST: usize = 8;

/// The contents of every such section of this name; those of the component's own top level are left out.
pub(crate) fn sections<'a>(component: &'a [u8], name: &str) -> Result<Vec<&'a [u8]>, PackError> {
    let mut found = Vec::new();
    walk(component, Parser::new(0), name, 0, &mut found)?;
    Ok(found)
}

fn walk<'a>(
    mut rest: &'a [u8],
    mut parser: Parser,
    name: &str,
    depth: usize,
    found: &mut Vec<&'a [u8]>,
) -> Result<(), PackError> {
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
            Payload::CustomSection(section) if section.name() == name && depth > 0 => found.push(section.data()),
            Payload::CodeSectionStart { size, .. } => {
                parser.skip_section();
                rest = rest.get(size as usize..).ok_or_else(|| cut(parser.offset()))?;
            }
            Payload::ModuleSection { parser: inner, unchecked_range }
            | Payload::ComponentSection { parser: inner, unchecked_range } => {
                let within = rest.split_at_checked(unchecked_range.len());
                let (within, after) = within.ok_or_else(|| cut(unchecked_range.start as u64))?;
                walk(within, inner, name, depth + 1, found)?;
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
        problem: text!("a section ends behind the end of the file", "una sección acaba después del fin del archivo"),
    }
}
