//! Walks the sections of a component; what is not a custom section is stepped over by its size.

use std::ops::Range;

use encargo_model::text;
use wasmparser::{Chunk, Encoding, Parser, Payload};

use crate::{PackError, SECTION, STATEMENTS};

/// How deep modules and components may be nested; linkers make two levels.
pub(crate) const DEEPEST: usize = 8;

/// The contents of the sections that a command's toolkit leaves in its component.
#[derive(Debug, Default)]
pub(crate) struct Found<'a> {
    /// Descriptions at the component's top level, each with the bytes that it takes there with its header.
    pub(crate) top: Vec<(Range<usize>, &'a [u8])>,
    /// Descriptions in the modules and components within; empty unless they were asked for.
    pub(crate) nested: Vec<&'a [u8]>,
    /// Statements in there, likewise.
    pub(crate) statements: Vec<&'a [u8]>,
}

/// Finds the sections, within nested modules only where `nested` says so.
pub(crate) fn find(component: &[u8], nested: bool) -> Result<Found<'_>, PackError> {
    if !component.starts_with(b"\0asm") {
        return Err(PackError::NotWebAssembly);
    }
    let mut found = Found::default();
    walk(component, Parser::new(0), 0, nested, &mut found)?;
    Ok(found)
}

fn walk<'a>(
    mut rest: &'a [u8],
    mut parser: Parser,
    depth: usize,
    nested: bool,
    found: &mut Found<'a>,
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
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => return Err(PackError::CoreModule),
            Payload::CustomSection(section) if section.name() == SECTION => {
                if depth == 0 {
                    let end = section.data_offset() + section.data().len();
                    found.top.push((end - consumed..end, section.data()));
                } else {
                    found.nested.push(section.data());
                }
            }
            Payload::CustomSection(section) if section.name() == STATEMENTS => found.statements.push(section.data()),
            Payload::CodeSectionStart { size, .. } => {
                parser.skip_section();
                rest = rest.get(size as usize..).ok_or_else(|| cut(parser.offset()))?;
            }
            Payload::ModuleSection { parser: inner, unchecked_range }
            | Payload::ComponentSection { parser: inner, unchecked_range } => {
                let (within, after) = split(rest, &unchecked_range)?;
                if nested {
                    walk(within, inner, depth + 1, nested, found)?;
                }
                rest = after;
            }
            Payload::End(_) => return Ok(()),
            _ => {}
        }
    }
}

fn split<'a>(rest: &'a [u8], range: &Range<usize>) -> Result<(&'a [u8], &'a [u8]), PackError> {
    rest.split_at_checked(range.len()).ok_or_else(|| cut(range.start as u64))
}

fn cut(offset: u64) -> PackError {
    PackError::Damaged {
        offset: usize::try_from(offset).unwrap_or(usize::MAX),
        problem: text!("a section ends behind the end of the file", "una sección acaba más allá del final del archivo"),
    }
}
