//! The version of the contract that this host offers, and what a component of another one says.

use wasmtime::component::Component;

use crate::error::LoadError;

/// As in `wit/`.
const OFFERED: &str = "0.2.0";

/// The error that says so where a component was built for another version.
pub(crate) fn other_version(component: &Component) -> Option<LoadError> {
    let (all, engine) = (component.component_type(), component.engine());
    let names = all.imports(engine).map(|(name, _)| name).chain(all.exports(engine).map(|(name, _)| name));
    let mut versions = names.filter_map(version);
    let found = versions.find(|version| *version != OFFERED)?.to_owned();
    Some(LoadError::OtherContract { found, offered: OFFERED })
}

/// The version in a name such as `encargo:types/types@0.2.0`; none of interfaces that are not of the contract.
fn version(name: &str) -> Option<&str> {
    name.strip_prefix("encargo:")?.split_once('@').map(|(_, version)| version)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{ComponentImportSection, ComponentTypeRef, ComponentTypeSection, InstanceType};

    use super::*;

    fn refusal(imports: &[&str]) -> Option<String> {
        let engine = wasmtime::Engine::default();
        let mut component = wasm_encoder::Component::new();
        let (mut types, mut section) = (ComponentTypeSection::new(), ComponentImportSection::new());
        types.instance(&InstanceType::new());
        for name in imports {
            section.import(*name, ComponentTypeRef::Instance(0));
        }
        component.section(&types).section(&section);
        let component = Component::new(&engine, component.finish()).unwrap();
        other_version(&component).map(|error| error.to_string())
    }

    #[test]
    fn the_version_is_the_one_of_the_contract() {
        let wit = include_str!("../../../wit/command/command.wit");
        assert_eq!(wit.lines().next(), Some(format!("package encargo:command@{OFFERED};").as_str()));
    }

    #[test]
    fn a_component_of_another_version_is_told_which_it_wants() {
        let sentence = "it was built for version 0.1.0 of the contract, and this `encargo` offers 0.2.0; \
            build it again with the SDK of this version";
        let imports = ["wasi:cli/exit@0.1.0", "encargo:types/types@0.2.0", "encargo:run/run@0.1.0"];
        assert_eq!(refusal(&imports).as_deref(), Some(sentence));
        assert_eq!(refusal(&imports[..2]), None);
    }
}
