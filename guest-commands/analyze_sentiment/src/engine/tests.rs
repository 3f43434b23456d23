//! What the engine says of texts that are told of in the accuracy card, and that its arithmetic is that of the training.

use super::*;

fn judged(text: &str, chat: &str) -> Judged {
    Engine::new().unwrap().judge(text, chat)
}

fn label(text: &str) -> Label {
    judged(text, "").verdict.best
}

#[test]
fn what_the_training_expects_of_a_text_is_what_the_engine_finds() {
    let mut engine = Engine::new().unwrap();
    for (language, expected) in [
        (Language::Spanish, include_str!("../../evaluation/expected_es.tsv")),
        (Language::English, include_str!("../../evaluation/expected_en.tsv")),
    ] {
        let lines: Vec<&str> = expected.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 90);
        for line in lines {
            let cells: Vec<&str> = line.splitn(5, '\t').collect();
            let numbers: Vec<i64> = cells[..4].iter().map(|cell| cell.parse().unwrap()).collect();
            engine.reader.split(cells[4]);
            let model = *engine.model(language);
            engine.reader.look_up(&model.lexicon);
            let sums = model.sums(&engine.reader);
            let verdict = model.verdict(sums);
            let found = [sums[0], sums[1], verdict.score.into(), verdict.confidence.into()];
            assert_eq!(found[..], numbers, "{}", cells[4]);
        }
    }
}

#[test]
fn texts_that_others_stumble_over() {
    for text in ["no problem", "no problem, thanks", "not bad at all", "sin problema, gracias", "no está nada mal"] {
        assert_ne!(label(text), Label::Negative, "{text}");
    }
    for text in ["nothing :(", "nada :(", "it doesn't work", "no funciona", "not good", "nada bueno", "NOT HAPPY!!!"] {
        assert_eq!(label(text), Label::Negative, "{text}");
    }
    for text in ["😍😍", "❤️", "👍", "graciaaaas!!!", "I love it", "me encanta"] {
        assert_eq!(label(text), Label::Positive, "{text}");
    }
    assert_eq!(label("😡😡"), Label::Negative);
}

#[test]
fn what_is_not_read_is_unknown_and_never_neutral() {
    for (text, model) in [
        ("", "encargo-1/none"),
        ("https://example.com/a https://example.com/b", "encargo-1/none"),
        ("@ana 12345", "encargo-1/none"),
        ("?!", "encargo-1/none"),
        ("لم أستلم طلبي حتى الآن وأنا غاضب جدا", "encargo-1/other"),
        ("Я до сих пор не получил свой заказ", "encargo-1/other"),
        ("Das Paket ist leider immer noch nicht bei mir angekommen", "encargo-1/other"),
        ("Estou muito decepcionado com o serviço", "encargo-1/other"),
        ("Je suis très déçu du service", "encargo-1/other"),
    ] {
        let judged = judged(text, "");
        assert_eq!((judged.model, judged.verdict), (model, NOTHING), "{text}");
    }
}

#[test]
fn the_chat_decides_where_the_words_do_not() {
    for (chat, model) in [("es-MX", "encargo-1/es"), ("EN", "encargo-1/en"), ("fr", "encargo-1/other")] {
        assert_eq!(judged("ok", chat).model, model, "{chat}");
    }
    assert_eq!(judged("❤", "en").model, "encargo-1/en");
    // Its words are stronger than what the chat says.
    assert_eq!(judged("Where is my order? I have been waiting for it", "es").model, "encargo-1/en");
}

#[test]
fn a_text_is_the_same_however_its_accents_and_quotes_are_written() {
    let composed = judged("El niño está muy contento, no’s va", "es");
    assert_eq!(judged("El nin\u{303}o esta\u{301} muy contento, no's va", "es").verdict, composed.verdict);
    assert_eq!(judged("mirad https://a.example/x", "es").verdict, judged("mirad https://b.example/y", "es").verdict);
    assert_eq!(judged("gracias @ana", "es").verdict, judged("gracias @otra_persona", "es").verdict);
}

#[test]
fn no_text_is_too_odd_or_too_long() {
    let mut engine = Engine::new().unwrap();
    for piece in
        ["a", "😀", ":(", "no ", "\0", "\u{301}", "\u{202E}abc ", "https://", "@", "aB1'", "....", "ñ", "x@y.z "]
    {
        let text = piece.repeat(300_000 / piece.len());
        let once = engine.judge(&text, "es");
        assert_eq!(engine.judge(&text, "es"), once);
        assert!((-10_000..=10_000).contains(&once.verdict.score) && (0..=10_000).contains(&once.verdict.confidence));
    }
}
