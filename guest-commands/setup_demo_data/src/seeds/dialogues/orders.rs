//! Orders that are under way, and money that goes back.

use super::{Dialogue, Lines};

pub(super) const DIALOGUES: &[Dialogue] = &[
    Dialogue {
        topic: "order-tracking",
        agent: "demo-orders",
        tool: Some(("look_up_order", r#"{"order":"{order}","state":"with the carrier","last_scan":"{city}"}"#)),
        says: [
            Lines {
                title: "Where is order {order}?",
                opens: [
                    "Hi, I ordered a {product} a week ago and the tracking has not moved since Monday.",
                    "Could you tell me where my parcel is? It is the {product}.",
                    "My order should have been here yesterday. What is going on?",
                ],
                asks: "I will look. What is the order number?",
                details: ["It is {order}.", "{order}, sent to {city}."],
                answers: [
                    "Order {order} is with the carrier and was last seen in {city}. As “{article}” says, they \
                     update it twice a day; it should be with you within two working days.",
                    "I have it: the parcel reached {city} this morning. “{article}” explains the states. If it has \
                     not come in three working days, write to me and I ask the carrier for it.",
                ],
                pleased: ["Perfect, thank you, that was quick!", "Great, then I will be at home. Thanks a lot."],
                angry: [
                    "That is what the page says as well. I took a day off for this and nobody came, this is really \
                     annoying.",
                    "Two more days? I have waited for a week already. Terrible service.",
                ],
            },
            Lines {
                title: "¿Dónde está el pedido {order}?",
                opens: [
                    "Hola, pedí {product} hace una semana y el seguimiento no cambia desde el lunes.",
                    "Buenas, ¿me podéis decir por dónde va mi paquete? Es {product}.",
                    "Mi pedido tenía que haber llegado ayer. ¿Qué ha pasado?",
                ],
                asks: "Ahora mismo lo miro. ¿Me dice el número de pedido?",
                details: ["Es el {order}.", "{order}, con entrega en {city}."],
                answers: [
                    "El pedido {order} lo lleva el transportista y su última lectura es de {city}. Como dice \
                     «{article}», lo actualizan dos veces al día; debería llegarle en dos días laborables.",
                    "Ya lo tengo: el paquete llegó esta mañana a {city}. En «{article}» se explican los estados. Si \
                     en tres días laborables no ha llegado, escríbame y lo reclamo.",
                ],
                pleased: [
                    "Perfecto, muchas gracias, ¡qué rapidez!",
                    "Genial, entonces estaré en casa. Gracias por todo.",
                ],
                angry: [
                    "Eso mismo pone en la página. Pedí el día libre para nada, no ha venido nadie y es una vergüenza.",
                    "¿Dos días más? Llevo una semana esperando. Un servicio pésimo.",
                ],
            },
        ],
    },
    Dialogue {
        topic: "change-address",
        agent: "demo-orders",
        tool: Some(("look_up_order", r#"{"order":"{order}","state":"being packed","address":"{city}"}"#)),
        says: [
            Lines {
                title: "Another address for {order}",
                opens: [
                    "Good morning, we are moving and I need my order to go to {city}.",
                    "I typed the wrong street. Can you change the address of my order?",
                    "Can the {product} be delivered to my office instead?",
                ],
                asks: "Of course. Which order is it?",
                details: ["{order}. It has not left yet, has it?", "Number {order}, please."],
                answers: [
                    "It is still being packed, so you can do it yourself: “{article}” shows where. I have opened \
                     {order} for changes until this evening.",
                    "You are in time. Open {order} in your account and choose Change address, as described in \
                     “{article}”.",
                ],
                pleased: ["Done, it shows {city} now. Thanks!", "That worked. Very kind of you."],
                angry: [
                    "The button is grey. I have tried three times now, it is useless.",
                    "It will not save. Why do I have to do this myself?",
                ],
            },
            Lines {
                title: "Otra dirección para {order}",
                opens: [
                    "Buenos días, nos mudamos y necesito que el pedido vaya a {city}.",
                    "Puse mal la calle. ¿Podéis cambiar la dirección de mi pedido?",
                    "¿Se puede entregar {product} en mi oficina en vez de en casa?",
                ],
                asks: "Claro. ¿De qué pedido se trata?",
                details: ["{order}. Aún no ha salido, ¿verdad?", "El número {order}, por favor."],
                answers: [
                    "Todavía se está preparando, así que puede hacerlo usted: «{article}» explica dónde. He dejado \
                     {order} abierto a cambios hasta esta tarde.",
                    "Llega a tiempo. Abra {order} en su cuenta y elija Cambiar dirección, como explica «{article}».",
                ],
                pleased: ["Hecho, ya sale {city}. ¡Gracias!", "Ha funcionado. Muy amable."],
                angry: [
                    "El botón está en gris. Lo he intentado tres veces, no sirve para nada.",
                    "No se guarda. ¿Por qué lo tengo que hacer yo?",
                ],
            },
        ],
    },
    Dialogue {
        topic: "returns",
        agent: "demo-returns",
        tool: Some(("start_return", r#"{"order":"{order}","label":"sent by mail"}"#)),
        says: [
            Lines {
                title: "Returning the {product}",
                opens: [
                    "I would like to send back the {product}, it does not fit into our living room.",
                    "How can I return something? I have the box still.",
                    "Hello, the {product} looks different from the photo. I want to return it.",
                ],
                asks: "No problem. Which order was it, and when did it arrive?",
                details: ["{order}, it came last Thursday.", "It arrived about ten days ago, order {order}."],
                answers: [
                    "Then you are well within the 30 days. I have started the return of {order} and the label is in \
                     your mail; “{article}” tells where to hand it in.",
                    "You can return it free of charge. The steps are in “{article}”; I have just sent you the label \
                     for {order}.",
                ],
                pleased: ["The label is here. Easy, thank you.", "Wonderful, I did not expect that to be free."],
                angry: [
                    "I have no printer, and the post office is 20 km away. This is not helpful at all.",
                    "So I have to carry it there myself? I am very disappointed.",
                ],
            },
            Lines {
                title: "Devolución de {product}",
                opens: [
                    "Quiero devolver {product}, no nos cabe en el salón.",
                    "¿Cómo puedo hacer una devolución? Todavía tengo la caja.",
                    "Hola, el color de {product} no se parece a la foto. Quiero una devolución.",
                ],
                asks: "Sin problema. ¿Qué pedido era y cuándo llegó?",
                details: ["{order}, llegó el jueves pasado.", "Hace unos diez días, pedido {order}."],
                answers: [
                    "Entonces está de sobra en los 30 días. He iniciado la devolución de {order} y tiene la \
                     etiqueta en su correo; «{article}» dice dónde dejarlo.",
                    "Puede devolverlo gratis. Los pasos están en «{article}»; acabo de enviarle la etiqueta de \
                     {order}.",
                ],
                pleased: ["Ya tengo la etiqueta. Muy fácil, gracias.", "Estupendo, no esperaba que fuera gratis."],
                angry: [
                    "No tengo impresora y correos me queda a 20 km. Esto no me ayuda nada.",
                    "¿Así que tengo que llevarlo yo? Estoy muy decepcionada.",
                ],
            },
        ],
    },
    Dialogue {
        topic: "refunds",
        agent: "demo-billing",
        tool: Some(("look_up_order", r#"{"order":"{order}","return":"received","refund":"{amount}"}"#)),
        says: [
            Lines {
                title: "Refund of {amount}",
                opens: [
                    "I returned the {product} two weeks ago and still have no money.",
                    "When will I get my refund?",
                    "My bank says there is no refund from you. Did you send it?",
                ],
                asks: "Let me check. What is the number of the order?",
                details: ["{order}, the amount was {amount}.", "It is {order}."],
                answers: [
                    "Your return arrived and we sent {amount} the day before yesterday. As “{article}” says, banks \
                     need up to five days to show it.",
                    "The {amount} of {order} left today, in the way you paid. “{article}” explains why your bank \
                     cannot see it before.",
                ],
                pleased: [
                    "Good to know, I will wait. Thanks for checking.",
                    "All right, thank you for the clear answer!",
                ],
                angry: [
                    "You said the same last week. I want my money and no more excuses.",
                    "Five days more is unacceptable. I will not buy here again.",
                ],
            },
            Lines {
                title: "Reembolso de {amount}",
                opens: [
                    "Devolví {product} hace dos semanas y sigo sin el dinero.",
                    "¿Cuándo me llega el reembolso?",
                    "Mi banco dice que no hay ninguna devolución vuestra. ¿La habéis hecho?",
                ],
                asks: "Lo compruebo. ¿Cuál es el número de pedido?",
                details: ["{order}, eran {amount}.", "Es el {order}."],
                answers: [
                    "Su devolución llegó y anteayer enviamos {amount}. Como dice «{article}», los bancos tardan \
                     hasta cinco días en mostrarlo.",
                    "Los {amount} de {order} han salido hoy, por el mismo medio con el que pagó. «{article}» \
                     explica por qué su banco no puede verlo antes.",
                ],
                pleased: ["Bueno es saberlo, esperaré. Gracias por mirarlo.", "De acuerdo, ¡gracias por la claridad!"],
                angry: [
                    "La semana pasada me dijisteis lo mismo. Quiero mi dinero y no más excusas.",
                    "Cinco días más es inaceptable. No vuelvo a comprar aquí.",
                ],
            },
        ],
    },
];
