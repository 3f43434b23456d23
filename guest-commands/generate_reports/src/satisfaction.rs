//! How satisfied people were.

use encargo_sdk::prelude::*;

use crate::document::{Course, Figure, Point, Section, Value};
use crate::reading::Gathered;
use crate::share::Share;
use crate::sums::Side;
use crate::usage::course;

/// The section.
pub(crate) fn section(gathered: &Gathered) -> Section {
    let (now, before) = (&gathered.now, &gathered.before);
    let both = |of: fn(&Side) -> Share| (of(now), of(before));
    let mut section = Section::new("satisfaction", text!("Satisfaction", "Satisfacción"));
    section.figures = vec![
        Figure::share(
            "csat",
            text!("Satisfied (CSAT)", "Satisfechos (CSAT)"),
            both(|side| side.all.satisfied()),
            text!(
                "ratings of 4 and 5 of all ratings given in the period, whenever the chat was begun",
                "valoraciones de 4 y 5 de todas las dadas en el período, cuando fuera que empezó el chat"
            ),
        ),
        Figure::new(
            "mean-rating",
            text!("Mean rating", "Valoración media"),
            now.all.mean_rating().map(Value::Stars),
            before.all.mean_rating().map(Value::Stars),
            text!(
                "the mean of the ratings given in the period, from 1 to 5",
                "la media de las valoraciones dadas en el período, de 1 a 5"
            ),
        )
        .of(now.all.ratings_given()),
        Figure::count(
            "ratings",
            text!("Ratings", "Valoraciones"),
            (now.all.ratings_given(), before.all.ratings_given()),
            text!(
                "ratings given in the period; a chat may have several",
                "valoraciones dadas en el período; un chat puede tener varias"
            ),
        ),
        Figure::share(
            "response-rate",
            text!("Chats that were rated", "Chats valorados"),
            both(|side| Share::new(side.all.chats.rated, side.all.chats.begun)),
            text!(
                "chats begun in the period that have a rating now, of all that were begun in it",
                "chats iniciados en el período que ahora tienen una valoración, de todos los iniciados en él"
            ),
        ),
        Figure::share(
            "deflection",
            text!("Ended without a person", "Terminados sin persona"),
            both(|side| Share::new(side.all.chats.deflected, side.all.chats.ended)),
            text!(
                "chats begun in the period that ended and were never handed over (deflection), of those that ended",
                "chats iniciados en el período que terminaron sin traspaso (deflexión), de los que terminaron"
            ),
        ),
        Figure::share(
            "handed-over",
            text!("Handed over to a person", "Traspasados a una persona"),
            both(|side| Share::new(side.all.chats.handed_over, side.all.chats.begun)),
            text!(
                "chats begun in the period that were handed over to a person, of all that were begun in it",
                "chats iniciados en el período que se traspasaron a una persona, de todos los iniciados en él"
            ),
        ),
    ];
    section.courses = vec![
        stars(now, before),
        course(
            "csat-by-time",
            text!("Satisfied by time", "Satisfechos según la hora"),
            gathered,
            |part| Share::new(part.satisfied, part.ratings).value().map(Value::Share),
            text!(
                "ratings of 4 and 5 of all ratings given in each part of the period",
                "valoraciones de 4 y 5 de todas las dadas en cada parte del período"
            ),
        ),
    ];
    sentiment(&mut section, now, before);
    section
}

/// What was found of sentiments, where they were looked for.
fn sentiment(section: &mut Section, now: &Side, before: &Side) {
    let (feelings, earlier) = (now.all.feelings, before.all.feelings);
    if feelings.n() == 0 && earlier.n() == 0 {
        section.notes.push(text!(
            "no sentiments are known of these periods: `analyze_sentiment` finds them",
            "no se conocen sentimientos de estos períodos: `analyze_sentiment` los busca"
        ));
        return;
    }
    section.figures.push(Figure::share(
        "negative",
        text!("Negative messages", "Mensajes negativos"),
        (feelings.negative_share(), earlier.negative_share()),
        text!(
            "analysed messages of the period that are negative, of those that are negative, neutral or positive",
            "mensajes analizados del período que son negativos, de los que son negativos, neutros o positivos"
        ),
    ));
    let count = |n| Some(Value::Count(n));
    let labels = [
        ("negative", text!("negative", "negativo"), feelings.negative, earlier.negative),
        ("neutral", text!("neutral", "neutro"), feelings.neutral, earlier.neutral),
        ("positive", text!("positive", "positivo"), feelings.positive, earlier.positive),
        ("unknown", text!("unknown", "desconocido"), feelings.unknown, earlier.unknown),
    ];
    section.courses.push(Course {
        id: "sentiments",
        name: text!("Sentiment of messages", "Sentimiento de los mensajes"),
        definition: text!(
            "messages of the period that were analysed, by their label",
            "mensajes del período que se analizaron, según su etiqueta"
        ),
        axis: text!("label", "etiqueta"),
        points: labels
            .map(|(key, name, now, before)| Point {
                key: key.to_owned(),
                name,
                value: count(now),
                before: count(before),
            })
            .to_vec(),
    });
}

fn stars(now: &Side, before: &Side) -> Course {
    let counts = now.all.ratings.iter().zip(&before.all.ratings).zip(1..);
    let points = counts.map(|((&now, &before), stars): (_, u8)| Point {
        key: stars.to_string(),
        name: stars.to_string(),
        value: Some(Value::Count(now)),
        before: Some(Value::Count(before)),
    });
    Course {
        id: "ratings-by-stars",
        name: text!("Ratings", "Valoraciones"),
        definition: text!(
            "ratings given in the period, by their stars",
            "valoraciones dadas en el período, según sus estrellas"
        ),
        axis: text!("stars", "estrellas"),
        points: points.collect(),
    }
}
