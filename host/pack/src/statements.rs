//! The SQL that a command's toolkit leaves in its component, for whoever wants to ask a database about it.

use encargo_model::text;

use crate::{PackError, STATEMENTS, fragment, nested};

/// The statements that a component declares, in the order in which its linker laid them. A component without the section
/// declares none, which does not say that it has none.
///
/// # Errors
/// Not a component, or one whose section is damaged.
pub fn statements(component: &[u8]) -> Result<Vec<String>, PackError> {
    let mut statements = Vec::new();
    for section in nested::sections(component, STATEMENTS)? {
        for text in fragment::frames(section)? {
            let text = std::str::from_utf8(text)
                .map_err(|_| PackError::Frame(text!("a statement is not UTF-8", "una sentencia no es UTF-8")))?;
            statements.push(text.to_owned());
        }
    }
    Ok(statements)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{Component, CustomSection, Module, ModuleSection};

    use super::*;

    fn component(sections: &[&[u8]]) -> Vec<u8> {
        let mut component = Component::new();
        for data in sections {
            let mut module = Module::new();
            module.section(&CustomSection { name: STATEMENTS.into(), data: (*data).into() });
            component.section(&ModuleSection(&module));
        }
        component.finish()
    }

    #[test]
    fn statements_of_all_modules_are_found() {
        let found = statements(&component(&[b"ENCARGO1\x02\0\0\0aaENCARGO1\x01\0\0\0b", b"", b"ENCARGO1\x01\0\0\0c"]));
        assert_eq!(found.unwrap(), ["aa", "b", "c"]);
        assert_eq!(statements(&component(&[])).unwrap(), [""; 0]);
        assert!(statements(&component(&[b"SELECT 1"])).is_err());
        assert!(statements(&component(&[b"ENCARGO1\x01\0\0\0\xff"])).is_err());
    }
}
