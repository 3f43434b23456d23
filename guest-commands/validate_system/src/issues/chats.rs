//! Issues of chats, messages, sentiments and feedback.

super::issues! {
    WITHOUT_AGENT = Chats Error "chats.E001" (fixable)
        means => ("the agent of a chat is not there", "el agente de un chat no existe"),
        advice => ("`--fix-issues` takes the agent out of the chat, as removing the agent would have",
            "`--fix-issues` quita el agente del chat, como lo haría borrar el agente");
    MESSAGE_WITHOUT_CHAT = Chats Error "chats.E002"
        means => ("a message belongs to a chat that is not there", "un mensaje es de un chat que no existe"),
        advice => ("restore the chat from a backup, or remove the message", "recupere el chat de una copia de seguridad, o borre el mensaje");
    SENTIMENT_WITHOUT_MESSAGE = Chats Error "chats.E003"
        means => ("a sentiment belongs to a message that is not there", "un sentimiento es de un mensaje que no existe"),
        advice => ("remove it: it is worked out from the message", "bórrelo: se calcula a partir del mensaje");
    FEEDBACK_WITHOUT_CHAT = Chats Error "chats.E004"
        means => ("feedback belongs to a chat that is not there", "una valoración es de un chat que no existe"),
        advice => ("restore the chat from a backup, or remove the feedback",
            "recupere el chat de una copia de seguridad, o borre la valoración");
    SENTIMENT_OF_ANOTHER_CHAT = Chats Error "chats.E005" (fixable)
        means => ("a sentiment names another chat than its message", "un sentimiento nombra otro chat que su mensaje"),
        advice => ("`--fix-issues` gives it the chat of its message", "`--fix-issues` le pone el chat de su mensaje");
    CROSSED = Chats Critical "chats.C006"
        means => ("a row belongs to another tenant than the chat, message or agent that it names",
            "una fila es de otro inquilino que el chat, mensaje o agente que nombra"),
        advice => ("find out what wrote it before anything is changed: one tenant may have seen another's data",
            "averigüe qué lo escribió antes de cambiar nada: un inquilino pudo ver datos de otro");
    TIME_ORDER = Chats Error "chats.E007"
        means => ("a chat was changed, answered, handed over or resolved before it began",
            "un chat se cambió, respondió, traspasó o resolvió antes de empezar"),
        advice => ("correct its times; reports count a negative time", "corrija sus tiempos; los informes cuentan un tiempo negativo");
    MESSAGE_BEFORE_CHAT = Chats Warning "chats.W008"
        means => ("a message is older than its chat", "un mensaje es más antiguo que su chat"),
        advice => ("correct `created_at` of the chat or the message", "corrija `created_at` del chat o del mensaje");
    RESOLVED_WHILE_OPEN = Chats Warning "chats.W009"
        means => ("an open chat has a time at which it was resolved", "un chat abierto tiene una fecha de resolución"),
        advice => ("close the chat, or empty `resolved_at`", "cierre el chat, o vacíe `resolved_at`");
    NEGATIVE = Chats Error "chats.E010"
        means => ("a message has fewer than 0 tokens or took less than no time",
            "un mensaje tiene menos de 0 tokens o tardó menos que nada"),
        advice => ("correct the number, or empty it where it is not known", "corrija el número, o vacíelo si no se sabe");
    SENTIMENT_RANGE = Chats Error "chats.E011"
        means => ("a sentiment's score is not from -1 to 1, or its confidence not from 0 to 1",
            "la puntuación de un sentimiento no está entre -1 y 1, o su confianza no está entre 0 y 1"),
        advice => ("remove it and work it out again", "bórrelo y calcúlelo de nuevo");
    ENCODING = Chats Error "chats.E012"
        means => ("a text of a chat, message or feedback was read in the wrong encoding, or has control characters",
            "un texto de un chat, mensaje o valoración se leyó en otra codificación, o tiene caracteres de control"),
        advice => ("write the text again; what was lost is only in the source", "escriba el texto de nuevo; lo perdido solo está en el origen");
    SAME_EXTERNAL_ID = Chats Error "chats.E013"
        means => ("two chats have the same external id", "dos chats tienen el mismo identificador externo"),
        advice => ("remove the newer one, then look at the indexes with `--module=storage`",
            "borre el más reciente y luego revise los índices con `--module=storage`");
    SENTIMENT_WITHOUT_CHAT = Chats Error "chats.E014"
        means => ("a sentiment belongs to a chat that is not there, and so does its message",
            "un sentimiento es de un chat que no existe, y su mensaje también"),
        advice => ("restore the chat from a backup, or remove the sentiment", "recupere el chat de una copia de seguridad, o borre el sentimiento");
    LANGUAGE = Chats Warning "chats.W015"
        means => ("the language of a chat is not a language tag", "el idioma de un chat no es una etiqueta de idioma"),
        advice => ("write it as `es` or `en-GB`, or leave it empty", "escríbalo como `es` o `en-GB`, o déjelo vacío");
}
