//! How records whose fields are nobody's title and text become items: fields that are given another name, and a text that
//! is made of several.

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::text;

use crate::columns::{field_of, plain};
use crate::record::Field;

/// What the text of an item is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Body {
    /// The field that is known to be it.
    #[default]
    Known,
    /// Every field that is nothing else, a line each.
    Others,
    /// These fields, a line each; one alone is it as it is.
    Of(Vec<String>),
    /// Words with fields in them.
    Words(Vec<Piece>),
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it stands there.
    Text(String),
    /// What a field has.
    Field(String),
}

/// What the caller says of the fields of records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shaping {
    /// Names and the fields that they are, which win over those that are known.
    named: Vec<(String, Field)>,
    /// What the text is made of.
    pub body: Body,
    /// Whether cells of CSV have the apostrophes that an export for spreadsheets gives to what looks like a formula.
    pub escaped: bool,
}

/// What a field of a record is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Use {
    /// The field of the item.
    pub field: Option<Field>,
    /// Whether the text is made of it too.
    pub part: bool,
}

impl Shaping {
    /// What was asked for: `name=field` of each `map`, the field that is the title, the fields that the text is made of
    /// (`*` for all others), or words with `{field}` in them.
    ///
    /// # Errors
    /// `usage` for what cannot be meant.
    pub fn of(map: &[String], title: Option<&str>, body: &[String], words: Option<&str>) -> Result<Self> {
        let invalid = |message| Err(Error::new(ErrorCode::Usage, message));
        let mut named: Vec<(String, Field)> = Vec::new();
        for pair in map {
            let field = pair.rsplit_once('=').and_then(|(name, word)| {
                let word = plain(word.trim());
                let exact = Field::ALL.into_iter().find(|field| field.name() == word);
                Some((name.trim(), exact.or_else(|| field_of(&word))?))
            });
            let Some((name, field)) = field.filter(|(name, _)| !name.is_empty()) else {
                let names = Field::ALL.map(Field::name).join(", ");
                return invalid(text!(
                    "`--map={pair}`: write it as `name=field`; the fields are {names}",
                    "`--map={pair}`: escríbalo como `nombre=campo`; los campos son {names}"
                ));
            };
            named.push((name.to_owned(), field));
        }
        named.extend(title.map(|name| (name.trim().to_owned(), Field::Title)));
        let body = match (body, words) {
            ([], None) => Body::Known,
            ([], Some(words)) => Body::Words(pieces(words)?),
            ([one], None) if one.trim() == "*" => Body::Others,
            (names, None) if names.iter().any(|name| name.trim() == "*") => {
                return invalid(text!(
                    "`--body-from=*` takes every field, so it stands alone",
                    "`--body-from=*` toma todos los campos, así que va solo"
                ));
            }
            (names, None) => Body::Of(names.iter().map(|name| name.trim().to_owned()).collect()),
            (_, Some(_)) => {
                return invalid(text!(
                    "`--template` and `--body-from` both say what the text is: give one",
                    "`--template` y `--body-from` dicen ambos cuál es el texto: indique uno"
                ));
            }
        };
        for (at, (name, field)) in named.iter().enumerate() {
            let same =
                |(other, its): &(String, Field)| its == field && (*field != Field::Tags || plain(other) == plain(name));
            if named[..at].iter().any(same) || (*field == Field::Body && body != Body::Known) {
                let field = field.name();
                return invalid(text!("`{field}` was given two fields", "a `{field}` se le dieron dos campos"));
            }
        }
        Ok(Self { named, body, escaped: false })
    }

    /// Whether nothing was asked for.
    pub fn is_none(&self) -> bool {
        self.named.is_empty() && self.body == Body::Known
    }

    /// Whether records are put together anew, and not read by the names that are known alone.
    pub fn composes(&self) -> bool {
        self.body != Body::Known || self.named.iter().any(|(name, _)| name.contains('.'))
    }

    /// The names that were asked for and are read.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let parts: Vec<&str> = match &self.body {
            Body::Known | Body::Others => Vec::new(),
            Body::Of(names) => names.iter().map(String::as_str).collect(),
            Body::Words(pieces) => pieces
                .iter()
                .filter_map(|piece| if let Piece::Field(name) = piece { Some(name.as_str()) } else { None })
                .collect(),
        };
        self.named.iter().map(|(name, _)| name.as_str()).chain(parts)
    }

    /// What the field of this name, or at the end of these names with dots between them, is for.
    pub fn use_of(&self, name: &str) -> Use {
        if self.is_none() {
            return Use { field: field_of(name), part: false };
        }
        let its = plain(name);
        let is = |other: &str| plain(other) == its;
        let given = self.named.iter().find(|(other, _)| is(other)).map(|(_, field)| *field);
        let known = field_of(name).filter(|known| {
            let is_given = |field| self.named.iter().any(|(_, other)| *other == field);
            match (&self.body, known) {
                (_, Field::Tags) if self.body != Body::Others => true,
                (Body::Others, Field::ExternalId) | (Body::Known, _) => !is_given(*known),
                (Body::Others, Field::Title) => !is_given(Field::Title),
                (Body::Others, _) | (_, Field::Body) => false,
                _ => !is_given(*known),
            }
        });
        let field = given.or(known);
        let part = match &self.body {
            Body::Known => false,
            Body::Others => field.is_none(),
            Body::Of(names) => names.iter().any(|name| is(name)),
            Body::Words(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Field(name) if is(name))),
        };
        Use { field, part }
    }

    /// Whether the title was said to be under a name, behind a dot.
    pub fn has_title_under(&self, name: &str) -> bool {
        let name = plain(name);
        let is_under = |title: &str| plain(title).strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'));
        self.named.iter().any(|(title, field)| *field == Field::Title && is_under(title))
    }

    /// The text of the parts of a record, each with its name; the name of a field that words need and that has nothing.
    ///
    /// # Errors
    /// That name.
    pub fn body_of<'a>(&'a self, parts: &[(&str, &str)]) -> Result<String, &'a str> {
        let filled = || parts.iter().filter(|(_, value)| !value.trim().is_empty());
        // What a name has: its own text, or the lines of what is under it.
        let under = |name: &str| -> Vec<(&str, &str)> {
            let name = plain(name);
            let is_its = |part: &str| {
                let part = plain(part);
                part == name || part.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'))
            };
            filled().filter(|(part, _)| is_its(part)).copied().collect()
        };
        let lines = |parts: &[(&str, &str)]| {
            parts.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
        };
        match &self.body {
            Body::Known => Ok(String::new()),
            Body::Others => Ok(lines(&filled().copied().collect::<Vec<_>>())),
            Body::Of(names) => {
                let all: Vec<_> = names.iter().flat_map(|name| under(name)).collect();
                match (names.as_slice(), all.as_slice()) {
                    ([name], [(part, value)]) if plain(name) == plain(part) => Ok((*value).to_owned()),
                    (_, all) => Ok(lines(all)),
                }
            }
            Body::Words(pieces) => {
                let mut body = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => body.push_str(text),
                        Piece::Field(name) => match under(name).as_slice() {
                            [] => return Err(name),
                            [(part, value)] if plain(name) == plain(part) => body.push_str(value),
                            all => body.push_str(&lines(all)),
                        },
                    }
                }
                Ok(body)
            }
        }
    }
}

/// The parts of a template: `{name}` is a field, `{{` and `}}` are the braces themselves, `\n` ends a line.
fn pieces(words: &str) -> Result<Vec<Piece>> {
    let wrong = || {
        let message = text!(
            "`--template={words}`: write fields as `{{name}}`, and a brace itself twice",
            "`--template={words}`: escriba los campos como `{{nombre}}`, y una llave sola dos veces"
        );
        Error::new(ErrorCode::Usage, message)
    };
    let (mut pieces, mut text) = (Vec::new(), String::new());
    let mut rest = words;
    while let Some(at) = rest.find(['{', '}', '\\']) {
        text.push_str(&rest[..at]);
        let behind = &rest[at..];
        if let Some(more) = behind.strip_prefix("{{").or_else(|| behind.strip_prefix("}}")) {
            text.push_str(&behind[..1]);
            rest = more;
        } else if let Some(more) = behind.strip_prefix("\\n") {
            text.push('\n');
            rest = more;
        } else if let Some(more) = behind.strip_prefix('\\') {
            text.push('\\');
            rest = more;
        } else {
            let inside = behind.strip_prefix('{').ok_or_else(wrong)?;
            let (name, more) = inside.split_once('}').ok_or_else(wrong)?;
            if name.trim().is_empty() || name.contains('{') {
                return Err(wrong());
            }
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(Piece::Field(name.trim().to_owned()));
            rest = more;
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    if pieces.iter().any(|piece| matches!(piece, Piece::Field(_))) { Ok(pieces) } else { Err(wrong()) }
}

/// Names that what a record is about often has.
const TITLES: [&str; 18] = [
    "name",
    "nombre",
    "product",
    "producto",
    "item",
    "articulo",
    "plato",
    "servicio",
    "service",
    "asunto",
    "subject",
    "label",
    "etiqueta",
    "titulo",
    "heading",
    "model",
    "modelo",
    "descripcion",
];

/// The options that would take records with these fields and without a title or a text; none where nothing would.
pub fn proposal(names: &[String]) -> Option<String> {
    let known = |field| names.iter().any(|name| field_of(name) == Some(field));
    let last = |name: &str| plain(name.rsplit('.').next().unwrap_or(name));
    let named = || TITLES.iter().find_map(|title| names.iter().find(|name| last(name) == *title));
    let any = || names.iter().find(|name| !name.trim().is_empty() && field_of(name).is_none());
    let quoted = |name: &str| {
        let is_plain = name.chars().all(|character| character.is_alphanumeric() || "_-.".contains(character));
        if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
    };
    let (mut options, mut title) = (Vec::new(), None);
    if !known(Field::Title) {
        title = Some(named().or_else(any)?);
        options.extend(title.map(|title| format!("--title-from={}", quoted(title))));
    }
    if !known(Field::Body) {
        let is_left =
            |name: &&String| Some(*name) != title && !matches!(field_of(name), Some(Field::Title | Field::ExternalId));
        names.iter().find(is_left)?;
        options.push("--body-from='*'".to_owned());
    }
    (!options.is_empty()).then(|| options.join(" "))
}

/// A sentence that begins with what is missing, with the options that would take the records behind it.
pub fn with_proposal(message: String, names: &[String]) -> String {
    match proposal(names) {
        Some(options) => text!(
            "{message}; `{options}` makes an item of each record",
            "{message}; `{options}` hace un elemento de cada registro"
        ),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shaping(map: &[&str], title: Option<&str>, body: &[&str], words: Option<&str>) -> Result<Shaping, String> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Shaping::of(&owned(map), title, &owned(body), words).map_err(|error| error.message)
    }

    const PARTS: [(&str, &str); 4] = [("Precio", "85"), ("info.cal", "300"), ("info.sal", "no"), ("nota", " ")];

    #[test]
    fn a_text_is_made_of_fields_as_it_was_asked_for() {
        for (body, words, expected) in [
            (&["*"][..], None, Ok("Precio: 85\ninfo.cal: 300\ninfo.sal: no")),
            (&["info.sal", "precio"], None, Ok("info.sal: no\nPrecio: 85")),
            (&["precio"], None, Ok("85")),
            (&["info"], None, Ok("info.cal: 300\ninfo.sal: no")),
            (&["nota"], None, Ok("")),
            (&[], Some("{{{precio}}} pesos\\n{info.cal} \\ cal"), Ok("{85} pesos\n300 \\ cal")),
            (&[], Some("{nota}"), Err("nota")),
        ] {
            let shaping = shaping(&[], Some("x"), body, words).expect("it can be meant");
            assert_eq!(shaping.body_of(&PARTS), expected.map(str::to_owned), "{body:?} {words:?}");
        }
    }

    #[test]
    fn a_name_is_for_what_it_was_given_for_and_else_for_what_it_is_known_as() {
        let all = shaping(&["grupo=tags"], Some("Nombre"), &["*"], None).expect("it can be meant");
        let of = |name: &str| all.use_of(name);
        assert_eq!(of("NOMBRE"), Use { field: Some(Field::Title), part: false });
        assert_eq!(of("id"), Use { field: Some(Field::ExternalId), part: false });
        assert_eq!(of("grupo"), Use { field: Some(Field::Tags), part: false });
        for name in ["title", "texto", "idioma", "categoria", "precio"] {
            assert_eq!(of(name), Use { field: None, part: true }, "{name}");
        }
        let words = shaping(&[], None, &[], Some("{titulo}: {texto}")).expect("it can be meant");
        assert_eq!(words.use_of("titulo"), Use { field: Some(Field::Title), part: true });
        assert_eq!(words.use_of("texto"), Use { field: None, part: true });
        assert_eq!(words.use_of("lang").field, Some(Field::Language));
        let map = shaping(&["q=title"], None, &[], None).expect("it can be meant");
        assert_eq!((map.use_of("q").field, map.use_of("title").field), (Some(Field::Title), None));
        assert_eq!(map.use_of("body").field, Some(Field::Body));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (map, title, body, words, part) in [
            (&["a"][..], None, &[][..], None, "`name=field`"),
            (&["a=b"], None, &[], None, "`name=field`"),
            (&["=title"], None, &[], None, "`name=field`"),
            (&["a=title"], Some("b"), &[], None, "two fields"),
            (&["a=body"], None, &["*"], None, "two fields"),
            (&[], None, &["*", "a"], None, "stands alone"),
            (&[], None, &["a"], Some("{a}"), "give one"),
            (&[], None, &[], Some("no field"), "write fields as"),
            (&[], None, &[], Some("{a"), "write fields as"),
            (&[], None, &[], Some("a}"), "write fields as"),
            (&[], None, &[], Some("{}"), "write fields as"),
        ] {
            let refused = shaping(map, title, body, words).expect_err("it is refused");
            assert!(refused.contains(part), "{refused}");
        }
    }

    #[test]
    fn the_options_that_would_take_a_file_are_proposed() {
        for (names, options) in [
            (&["sku", "Nombre", "precio"][..], Some("--title-from=Nombre --body-from='*'")),
            (&["id", "ciudad", "x"], Some("--title-from=ciudad --body-from='*'")),
            (&["title", "precio"], Some("--body-from='*'")),
            (&["el plato", "texto"], Some("--title-from='el plato'")),
            (&["title", "body"], None),
            (&["id"], None),
            (&["title"], None),
            (&["id", "nombre"], None),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(proposal(&names).as_deref(), options, "{names:?}");
        }
    }
}
