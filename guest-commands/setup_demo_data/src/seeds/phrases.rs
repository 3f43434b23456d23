//! What is said in every kind of chat, and the details that differ from one to the next. Of each pair the first is English.

/// How many of the products, from the first on, are of solid wood.
pub(crate) const WOODEN: usize = 9;

/// What customers want to have, with its price in cents; the wooden ones first.
pub(crate) const PRODUCTS: [(&str, &str, i64); 14] = [
    ("oak table", "la mesa de roble", 48_900),
    ("bookcase Duero", "la estantería Duero", 21_900),
    ("walnut desk", "el escritorio de nogal", 37_500),
    ("bed frame Tejo", "la cama Tejo", 54_900),
    ("kitchen stool", "el taburete de cocina", 5_950),
    ("chest of drawers", "la cómoda", 32_900),
    ("garden bench", "el banco de jardín", 18_450),
    ("coat rack", "el perchero", 4_990),
    ("children's bunk bed", "la litera infantil", 46_900),
    ("reading lamp", "la lámpara de lectura", 6_490),
    ("sofa Ría", "el sofá Ría", 89_900),
    ("linen curtain", "la cortina de lino", 7_800),
    ("wool rug", "la alfombra de lana", 15_900),
    ("set of six chairs", "el juego de seis sillas", 41_400),
];

pub(crate) const CITIES: [&str; 12] = [
    "Bilbao", "Madrid", "Valencia", "Sevilla", "Zaragoza", "Málaga", "Girona", "Vigo", "Porto", "Dublin", "Leeds",
    "Palma",
];

/// Who of the team takes over.
pub(crate) const TEAM: [&str; 6] = ["Marta", "Jon", "Lucía", "Andrés", "Nerea", "Claire"];

pub(crate) const GREETINGS: [[&str; 4]; 2] = [
    ["Hello, this is Alerce. ", "Hi, thank you for writing. ", "Good day! ", ""],
    ["Hola, le atiende Alerce. ", "Hola, gracias por escribirnos. ", "¡Buenos días! ", ""],
];

pub(crate) const CLOSINGS: [[&str; 3]; 2] = [
    ["You are welcome. Have a nice day!", "Glad to help. Write to us whenever you need to.", "My pleasure. Goodbye!"],
    [
        "De nada. ¡Que tenga un buen día!",
        "Un placer ayudarle. Escríbanos cuando lo necesite.",
        "A usted. ¡Hasta pronto!",
    ],
];

/// What an agent says to somebody who is not helped, before a person takes over.
pub(crate) const SORRY: [[&str; 3]; 2] = [
    [
        "I understand, and I am sorry. I pass you on to a person of our team now.",
        "You are right to expect more. Somebody of the team takes over in a few minutes.",
        "I am sorry that this went wrong. A colleague will look at it right now.",
    ],
    [
        "Lo entiendo y lo siento. Le paso ahora con una persona del equipo.",
        "Tiene razón en esperar más. En unos minutos se hace cargo alguien del equipo.",
        "Siento que haya salido mal. Una compañera lo mira ahora mismo.",
    ],
];

/// The note in the chat, and what the person says.
pub(crate) const HANDED_OVER: [&str; 2] = ["Handed over to {name}.", "Conversación pasada a {name}."];

pub(crate) const PERSON: [[&str; 3]; 2] = [
    [
        "Hello, this is {name}. I have read everything and called the warehouse about it. You hear from us today.",
        "{name} here. That was our mistake, and I have put it right myself; you also get 10 for your next order.",
        "Hi, I am {name}. I have done it for you, so there is nothing left that you have to do.",
    ],
    [
        "Hola, soy {name}. Lo he leído todo y he llamado al almacén. Hoy mismo le decimos algo.",
        "Le escribe {name}. Fue un error nuestro y lo he arreglado yo; además tiene 10 para su próximo pedido.",
        "Hola, soy {name}. Ya lo he hecho por usted, no tiene que hacer nada más.",
    ],
];

/// What somebody says to the person, appeased or not.
pub(crate) const APPEASED: [[&str; 3]; 2] = [
    ["Thank you, {name}. At last somebody who cares.", "All right then. Thanks for calling them.", "OK, thanks."],
    ["Gracias, {name}. Por fin alguien que se ocupa.", "Bueno, de acuerdo. Gracias por llamar.", "Vale, gracias."],
];
pub(crate) const STILL_ANGRY: [[&str; 2]; 2] = [
    ["I have heard that before. We will see.", "Too late, I have bought it somewhere else by now."],
    ["Eso ya me lo han dicho antes. Ya veremos.", "Tarde, ya lo he comprado en otro sitio."],
];

/// What is said beside a rating of 1 to 5; often nothing.
pub(crate) const COMMENTS: [[[&str; 4]; 5]; 2] = [
    [
        ["Nobody solved my problem.", "Terrible, I will not come back.", "Waited for ages, for nothing.", ""],
        ["Slow, and I had to repeat everything.", "The robot did not understand me.", "Not helpful.", ""],
        ["It was all right in the end.", "Took long, but the person was kind.", "", ""],
        ["Quick and clear.", "Good help, the first answer was a bit long.", "Friendly.", ""],
        [
            "Excellent, solved in two minutes!",
            "Very friendly and to the point.",
            "Best service I have had in a shop.",
            "",
        ],
    ],
    [
        ["Nadie resolvió mi problema.", "Fatal, no vuelvo.", "Esperé muchísimo para nada.", ""],
        ["Lento, y tuve que repetirlo todo.", "El robot no me entendía.", "No me ayudó.", ""],
        ["Al final bien.", "Tardaron, pero la persona fue amable.", "", ""],
        ["Rápido y claro.", "Buena ayuda, la primera respuesta algo larga.", "Muy simpáticos.", ""],
        ["¡Excelente, resuelto en dos minutos!", "Muy amables y al grano.", "El mejor servicio que he tenido.", ""],
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_as_much_to_say_and_say_it_differently() {
        for [english, spanish] in [PERSON, SORRY, CLOSINGS, APPEASED] {
            assert!(english.iter().zip(spanish).all(|(en, es)| *en != es));
            let slots = |lines: [&str; 3]| lines.into_iter().filter(|line| line.contains("{name}")).count();
            assert_eq!(slots(english), slots(spanish));
        }
    }
}
