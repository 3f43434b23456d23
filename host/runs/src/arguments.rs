//! Arguments, resolved once for every entry point: given > environment > settings > default.

use encargo_model::{
    ArgumentSpec, ArgumentValue, Constraint, Description, Origin, ResolvedArgument, Text, Timestamp, text,
};
use serde_json::Value;

use crate::request::Fallbacks;

/// One argument that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentProblem {
    /// As the description names it.
    pub name: String,
    /// Where the value came from.
    pub origin: Origin,
    /// What is wrong, and what is expected.
    pub problem: Text,
}

impl ArgumentProblem {
    /// The argument, where its value came from, and what is wrong.
    pub fn text(&self) -> Text {
        let name = &self.name;
        let place = match &self.origin {
            Origin::Environment(variable) => text!("--{name} (from {variable})", "--{name} (de {variable})"),
            Origin::Settings(key) => {
                text!("--{name} (from {key} in the configuration)", "--{name} (de {key} en la configuración)")
            }
            Origin::Given | Origin::Default => text!("--{name}", "--{name}"),
        };
        place.map(|language, place| format!("{place}: {}", self.problem.get(language)))
    }
}

/// Resolves all arguments of a command, in the order of its description; those without a value are left out. `given` are
/// those that the caller wrote, each with its values.
///
/// # Errors
/// Each argument that does not fit.
pub fn resolve(
    description: &Description,
    given: &[(String, Vec<String>)],
    fallbacks: &Fallbacks,
    now: Timestamp,
) -> Result<Vec<ResolvedArgument>, Vec<ArgumentProblem>> {
    let mut problems = Vec::new();
    let mut resolved = Vec::new();
    let problem = |name: &str, problem: Text| ArgumentProblem { name: name.to_owned(), origin: Origin::Given, problem };
    for (name, _) in given {
        if description.argument(name).is_none() {
            let sentence = text!("`{}` has no such argument", "`{}` no tiene ese argumento"; description.name);
            problems.push(problem(name, sentence));
        }
    }
    for spec in &description.arguments {
        let Some((written, origin)) = written(spec, given, fallbacks) else {
            if spec.required {
                problems.push(problem(&spec.name, text!("it is required", "es obligatorio")));
            }
            continue;
        };
        match spec.value(&written, now) {
            Ok(value) => resolved.push(argument(spec, value, &written, origin)),
            Err(problem) => problems.push(ArgumentProblem { name: spec.name.clone(), origin, problem }),
        }
    }
    yield_to_given(&description.constraints, &mut resolved);
    let is_set =
        |name: &String| resolved.iter().any(|argument| &argument.name == name && argument.origin != Origin::Default);
    for constraint in &description.constraints {
        match constraint {
            Constraint::Requires(one, other)
                if is_set(one) && !resolved.iter().any(|argument| &argument.name == other) =>
            {
                problems.push(problem(one, text!("it needs --{other}", "necesita --{other}")));
            }
            Constraint::Conflicts(names) => {
                let together = names.iter().filter(|name| is_set(name)).collect::<Vec<_>>();
                if let [one, other, ..] = together[..] {
                    problems
                        .push(problem(one, text!("it cannot stand beside --{other}", "no puede ir junto a --{other}")));
                }
            }
            Constraint::Requires(..) => {}
        }
    }
    if problems.is_empty() { Ok(resolved) } else { Err(problems) }
}

/// What the environment or the configuration says gives way to what the caller gives and what cannot stand beside it.
fn yield_to_given(constraints: &[Constraint], resolved: &mut Vec<ResolvedArgument>) {
    for constraint in constraints {
        let Constraint::Conflicts(names) = constraint else { continue };
        if resolved.iter().any(|argument| names.contains(&argument.name) && argument.origin == Origin::Given) {
            let gives_way = |argument: &ResolvedArgument| {
                let is_set = matches!(argument.origin, Origin::Environment(_) | Origin::Settings(_));
                names.contains(&argument.name) && is_set
            };
            resolved.retain(|argument| !gives_way(argument));
        }
    }
}

/// The number in a fallback of a host's flag such as `parallel`.
pub(crate) fn host_flag(
    description: &Description,
    name: &str,
    fallbacks: &Fallbacks,
) -> Result<Option<u32>, ArgumentProblem> {
    let Some(flag) = description.host_flags.get(name) else { return Ok(None) };
    let environment = flag.env.as_ref().and_then(|variable| {
        Some((fallbacks.environment.get(variable)?.clone(), Origin::Environment(variable.clone())))
    });
    let settings = || setting(name, flag.settings.as_deref(), fallbacks);
    let Some((text, origin)) = environment.or_else(settings) else { return Ok(None) };
    match text.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(ArgumentProblem {
            name: name.to_owned(),
            origin,
            problem: text!("`{text}` is not a number above 0", "`{text}` no es un número mayor que 0"),
        }),
    }
}

fn written(
    spec: &ArgumentSpec,
    given: &[(String, Vec<String>)],
    fallbacks: &Fallbacks,
) -> Option<(Vec<String>, Origin)> {
    let given: Vec<_> = given.iter().filter(|(name, _)| name == &spec.name).collect();
    if !given.is_empty() {
        return Some((given.into_iter().flat_map(|(_, values)| values.clone()).collect(), Origin::Given));
    }
    if let Some(variable) = &spec.env
        && let Some(text) = fallbacks.environment.get(variable).filter(|text| !text.is_empty())
    {
        return Some((vec![text.clone()], Origin::Environment(variable.clone())));
    }
    if let Some((text, origin)) = setting(&spec.name, spec.settings.as_deref(), fallbacks) {
        return Some((vec![text], origin));
    }
    spec.default.clone().map(|text| (vec![text], Origin::Default))
}

/// What the configuration says for an argument: under its own name, or under one that the description gives it besides.
fn setting(name: &str, other: Option<&str>, fallbacks: &Fallbacks) -> Option<(String, Origin)> {
    let own = fallbacks.settings.get(&name.replace('-', "_"));
    let setting = own.or_else(|| fallbacks.settings.get(other?))?;
    let text = match &setting.value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(","),
        other => other.to_string(),
    };
    Some((text, Origin::Settings(setting.place.clone())))
}

fn argument(spec: &ArgumentSpec, value: ArgumentValue, written: &[String], origin: Origin) -> ResolvedArgument {
    let written = if spec.secret { "***".to_owned() } else { written.join(",") };
    ResolvedArgument { name: spec.name.clone(), value: Some(value), origin, written }
}

#[cfg(test)]
mod tests;
