//! What does not work: damage, missing parts, payments, passwords.

use super::{Dialogue, Lines};

pub(super) const DIALOGUES: &[Dialogue] = &[
    Dialogue {
        topic: "damaged",
        agent: "demo-returns",
        tool: None,
        says: [
            Lines {
                title: "Damaged: {product}",
                opens: [
                    "The {product} arrived with a broken corner.",
                    "I just unpacked the {product} and there is a deep scratch across it. So sad.",
                    "Your carrier dropped the parcel, half of it is broken.",
                ],
                asks: "I am sorry about that. May I have the order number and a photo of the damage?",
                details: ["Order {order}, I have sent two photos by mail.", "{order}. The photo is on its way."],
                answers: [
                    "Thank you, I see it. You may choose between a new one and your money, and you need not send \
                     this one back: “{article}”. What would you like?",
                    "That should not happen. Following “{article}”, I can send a new one tomorrow or take 15 % off \
                     if you keep it.",
                ],
                pleased: [
                    "A new one, please. Thank you for making this so easy!",
                    "The 15 % are fine, it is hardly seen. Thanks.",
                ],
                angry: [
                    "This is the second broken one! Does nobody check what you send?",
                    "I needed it for this weekend. A new one next week does not help me, I am furious.",
                ],
            },
            Lines {
                title: "Dañado: {product}",
                opens: [
                    "Me ha llegado {product} con una esquina rota.",
                    "Acabo de desembalar {product} y tiene un arañazo enorme. Qué disgusto.",
                    "El transportista dejó caer el paquete y la mitad está rota.",
                ],
                asks: "Cuánto lo siento. ¿Me da el número de pedido y una foto del daño?",
                details: ["Pedido {order}, he enviado dos fotos por correo.", "{order}. La foto va de camino."],
                answers: [
                    "Gracias, ya lo veo. Puede elegir entre una pieza nueva y su dinero, y no hace falta que \
                     devuelva esta: «{article}». ¿Qué prefiere?",
                    "Eso no debería pasar. Según «{article}», puedo enviarle otra pieza mañana o descontarle un 15 \
                     % si se la queda.",
                ],
                pleased: [
                    "Una pieza nueva, por favor. ¡Gracias por ponerlo tan fácil!",
                    "Me vale el 15 %, casi no se nota. Gracias.",
                ],
                angry: [
                    "¡Es la segunda pieza que llega rota! ¿Es que nadie revisa lo que enviáis?",
                    "Me hacía falta para este fin de semana. Otra pieza la semana que viene no me sirve, estoy \
                     indignado.",
                ],
            },
        ],
    },
    Dialogue {
        topic: "missing-parts",
        agent: "demo-returns",
        tool: None,
        says: [
            Lines {
                title: "A part of the {product} is missing",
                opens: [
                    "There are only seven screws in the bag, the instructions say eight.",
                    "I am building the {product} and a board is missing.",
                    "Hi! One hinge of my {product} is not in the box.",
                ],
                asks: "Which number does the part have on the last page, and what is your order?",
                details: ["Part 104, order {order}.", "It says 21-B. The order is {order}."],
                answers: [
                    "It leaves today by letter and should be in {city} in two days; see “{article}”. Please keep \
                     what is built.",
                    "I have ordered it for {order}. “{article}” says how long each part takes; this one takes two \
                     days.",
                ],
                pleased: ["That is fast, many thanks!", "Super, then I finish it on Saturday."],
                angry: [
                    "So I live between boxes for two days because of a screw? Great.",
                    "It is the third time something is missing. This is really bad quality control.",
                ],
            },
            Lines {
                title: "Falta una pieza de {product}",
                opens: [
                    "En la bolsa solo hay siete tornillos y las instrucciones dicen ocho.",
                    "Estoy montando {product} y falta un tablero.",
                    "¡Hola! En la caja de {product} no está una de las bisagras.",
                ],
                asks: "¿Qué número tiene la pieza en la última página, y cuál es su pedido?",
                details: ["La pieza 104, pedido {order}.", "Pone 21-B. El pedido es {order}."],
                answers: [
                    "Sale hoy por carta y debería estar en {city} en dos días; vea «{article}». Por favor, deje lo \
                     que ya montó.",
                    "La he pedido para {order}. «{article}» dice lo que tarda cada pieza; esta, dos días.",
                ],
                pleased: ["¡Qué rápido, muchas gracias!", "Genial, entonces lo acabo el sábado."],
                angry: [
                    "¿O sea que vivo dos días entre cajas por un tornillo? Estupendo.",
                    "Es la tercera vez que falta algo. Qué mal control de calidad.",
                ],
            },
        ],
    },
    Dialogue {
        topic: "payment-declined",
        agent: "demo-billing",
        tool: None,
        says: [
            Lines {
                title: "Card declined",
                opens: [
                    "Your page does not take my card, but it works everywhere else.",
                    "I tried to pay {amount} three times and it says declined.",
                    "Was I charged twice? The payment failed but my bank shows {amount}.",
                ],
                asks: "Does your bank's app ask you to confirm the payment?",
                details: ["Yes, but when I open it, it is gone.", "I think so, I did not look at it."],
                answers: [
                    "Then the five minutes ran out. Open the app first and pay again; “{article}” has the details. \
                     What shows as reserved is released by itself.",
                    "That is the usual cause. Keep the app open while you pay, as in “{article}”. We have not \
                     charged anything so far.",
                ],
                pleased: ["It went through now, thanks!", "You were right, it was the app. Thank you so much."],
                angry: [
                    "Still declined. I give up, I will buy it somewhere else.",
                    "Your shop is the only one where this happens. Awful.",
                ],
            },
            Lines {
                title: "Tarjeta rechazada",
                opens: [
                    "Vuestra página no acepta mi tarjeta, y en los demás sitios funciona.",
                    "He intentado pagar {amount} tres veces y dice rechazada.",
                    "¿Me habéis cobrado dos veces? El pago falló pero en el banco aparecen {amount}.",
                ],
                asks: "¿La aplicación de su banco le pide confirmar el pago?",
                details: ["Sí, pero cuando la abro ya no está.", "Creo que sí, no la miré."],
                answers: [
                    "Entonces se pasaron los cinco minutos. Abra antes la aplicación y pague otra vez; los detalles \
                     están en «{article}». Lo retenido se libera solo.",
                    "Suele ser eso. Tenga la aplicación abierta mientras paga, como dice «{article}». Por ahora no \
                     hemos cobrado nada.",
                ],
                pleased: ["Ahora sí ha pasado, ¡gracias!", "Tenía razón, era la aplicación. Muchísimas gracias."],
                angry: [
                    "Sigue rechazada. Me rindo, lo compro en otro sitio.",
                    "Solo me pasa en vuestra tienda. Horrible.",
                ],
            },
        ],
    },
    Dialogue {
        topic: "reset-password",
        agent: "demo-reception",
        tool: None,
        says: [
            Lines {
                title: "Cannot sign in",
                opens: [
                    "I cannot get into my account any more.",
                    "I forgot my password and no mail comes.",
                    "Sign-in says wrong password, and I am sure that it is right.",
                ],
                asks: "Did you ask for a new one with Forgotten?, and with which kind of address?",
                details: ["Yes, with my private one.", "I did, twice. Nothing in the unwanted mail either."],
                answers: [
                    "Could it be that you ordered with another address? “{article}” says what to check. The link \
                     works for one hour.",
                    "The newest link is the one that counts. Please try it once more and follow “{article}”; it \
                     comes within minutes.",
                ],
                pleased: ["It was my old address. I am in, thank you!", "Got it now. Thanks for your patience."],
                angry: [
                    "Nothing comes. I have an open order in there and nobody can help me.",
                    "You keep telling me the same. This is a waste of time.",
                ],
            },
            Lines {
                title: "No puedo entrar",
                opens: [
                    "Ya no puedo entrar en mi cuenta.",
                    "He olvidado la contraseña y no llega ningún correo.",
                    "Dice contraseña incorrecta y estoy segura de que es esa.",
                ],
                asks: "¿Pidió una nueva con ¿La ha olvidado?, y con qué tipo de dirección?",
                details: ["Sí, con la personal.", "Sí, dos veces. En el correo no deseado tampoco hay nada."],
                answers: [
                    "¿Puede ser que pidiera con otra dirección? «{article}» dice qué comprobar. El enlace sirve una \
                     hora.",
                    "Vale el enlace más reciente. Pruebe otra vez, por favor, y siga «{article}»; llega en unos \
                     minutos.",
                ],
                pleased: [
                    "Era mi dirección antigua. Ya estoy dentro, ¡gracias!",
                    "Ya lo tengo. Gracias por la paciencia.",
                ],
                angry: [
                    "No llega nada. Tengo un pedido ahí dentro y nadie me sabe ayudar.",
                    "Me repetís siempre lo mismo. Es una pérdida de tiempo.",
                ],
            },
        ],
    },
    Dialogue {
        topic: "guarantee",
        agent: "demo-returns",
        tool: None,
        says: [
            Lines {
                title: "Guarantee for the {product}",
                opens: [
                    "A joint of my {product} has opened after a year.",
                    "Is a {product} that creaks covered by the guarantee?",
                    "My {product} wobbles more and more.",
                ],
                asks: "When did you buy it, and do you have the order number?",
                details: ["A bit more than a year ago, {order}.", "In spring last year. It is {order}."],
                answers: [
                    "That is covered: three years for everything, ten for solid wood (“{article}”). I will open a \
                     repair for {order}.",
                    "Yes, “{article}” counts that as a fault of our work. Somebody from {city} will call you for an \
                     appointment.",
                ],
                pleased: ["I am glad I bought it here. Thank you!", "Excellent, I look forward to the call."],
                angry: [
                    "Somebody was to call last month as well. Nobody did.",
                    "I do not want a repair of something this expensive, I want a new one. Disappointing.",
                ],
            },
            Lines {
                title: "Garantía de {product}",
                opens: [
                    "Se ha abierto una junta de {product} al cabo de un año.",
                    "¿La garantía cubre que cruja {product}?",
                    "Cada vez se mueve más {product}.",
                ],
                asks: "¿Cuándo lo compró, y tiene el número de pedido?",
                details: ["Hace algo más de un año, {order}.", "En primavera del año pasado. Es el {order}."],
                answers: [
                    "Está cubierto: tres años para todo y diez para la madera maciza («{article}»). Abro una \
                     reparación para {order}.",
                    "Sí, «{article}» lo cuenta como fallo de nuestro trabajo. Le llamarán desde {city} para darle \
                     cita.",
                ],
                pleased: ["Me alegro de haberlo comprado aquí. ¡Gracias!", "Excelente, espero la llamada."],
                angry: [
                    "El mes pasado también iban a llamarme. No llamó nadie.",
                    "No quiero que reparen algo tan caro, quiero uno nuevo. Qué decepción.",
                ],
            },
        ],
    },
];
