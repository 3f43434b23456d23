//! Before buying: prices, services, care, companies.

use super::{Dialogue, Lines};

pub(super) const DIALOGUES: &[Dialogue] = &[
    Dialogue {
        topic: "company-invoice",
        agent: "demo-billing",
        tool: Some(("look_up_order", r#"{"order":"{order}","state":"delivered","paid":"{amount}"}"#)),
        says: [
            Lines {
                title: "Invoice of {order} for a company",
                opens: [
                    "I need the invoice in the name of our company.",
                    "Can you add a tax number to an invoice?",
                    "Our bookkeeping does not take this invoice, it is in my own name.",
                ],
                asks: "Yes. Please send me the order number and the company's details.",
                details: [
                    "{order}. I have put name and tax number into the form.",
                    "It is {order}, the company is in {city}.",
                ],
                answers: [
                    "It is written anew and in your account, with today's date. For the next order, see “{article}”.",
                    "Done: the new invoice over {amount} is in your mail. “{article}” shows how to store the \
                     details for good.",
                ],
                pleased: ["That is exactly what we needed. Thank you.", "Thanks, our bookkeeper is happy."],
                angry: [
                    "The tax number is wrong again. Please, can somebody do it properly?",
                    "I asked for this three weeks ago, the quarter is over now!",
                ],
            },
            Lines {
                title: "Factura de {order} para empresa",
                opens: [
                    "Necesito la factura a nombre de nuestra empresa.",
                    "¿Podéis añadir el NIF a una factura?",
                    "En contabilidad no me aceptan la factura, está a mi nombre.",
                ],
                asks: "Sí. Envíeme el número de pedido y los datos de la empresa, por favor.",
                details: [
                    "{order}. He puesto el nombre y el NIF en el formulario.",
                    "Es el {order}, la empresa está en {city}.",
                ],
                answers: [
                    "Está rehecha y en su cuenta, con fecha de hoy. Para el próximo pedido, vea «{article}».",
                    "Hecho: la nueva factura por {amount} está en su correo. «{article}» explica cómo guardar los \
                     datos para siempre.",
                ],
                pleased: ["Es justo lo que necesitábamos. Gracias.", "Gracias, la contable está contenta."],
                angry: [
                    "El NIF está mal otra vez. Por favor, ¿lo puede hacer alguien bien?",
                    "Lo pedí hace tres semanas, ¡ya ha cerrado el trimestre!",
                ],
            },
        ],
    },
    Dialogue {
        topic: "discount-codes",
        agent: "demo-sales",
        tool: None,
        says: [
            Lines {
                title: "Discount code",
                opens: [
                    "My code of the newsletter does not work.",
                    "I forgot to type my discount code, can you still take it off?",
                    "It says the code is invalid, but it is from this month.",
                ],
                asks: "Which piece is it for, and did you order already?",
                details: ["For the {product}. I ordered an hour ago, {order}.", "The {product}, I have not paid yet."],
                answers: [
                    "I see: that piece is reduced already, and “{article}” says that codes do not count there. It \
                     works for the rest.",
                    "You are within 24 hours, so I take it off: you get back 10 % of {amount}. The rules are in \
                     “{article}”.",
                ],
                pleased: ["Very generous, thank you!", "Ah, that explains it. Thanks."],
                angry: [
                    "Then say so on the newsletter. I feel cheated.",
                    "What is the use of a code that works for nothing?",
                ],
            },
            Lines {
                title: "Código de descuento",
                opens: [
                    "El código del boletín no me funciona.",
                    "Se me olvidó poner el código de descuento, ¿aún se puede aplicar?",
                    "Dice que el código no es válido, pero es de este mes.",
                ],
                asks: "¿Para qué artículo es, y ya ha hecho el pedido?",
                details: ["Para {product}. Pedí hace una hora, {order}.", "Es {product}, todavía no he pagado."],
                answers: [
                    "Ya veo: ese artículo está rebajado, y «{article}» dice que ahí no valen los códigos. Para lo \
                     demás funciona.",
                    "Está dentro de las 24 horas, así que se lo aplico: le devolvemos el 10 % de {amount}. Las \
                     reglas están en «{article}».",
                ],
                pleased: ["Qué detalle, ¡muchas gracias!", "Ah, eso lo explica. Gracias."],
                angry: [
                    "Pues decidlo en el boletín. Me siento engañada.",
                    "¿De qué sirve un código que no vale para nada?",
                ],
            },
        ],
    },
    Dialogue {
        topic: "cancel-plus",
        agent: "demo-billing",
        tool: None,
        says: [
            Lines {
                title: "Cancelling Plus",
                opens: [
                    "I want to cancel Alerce Plus.",
                    "You charged me 39 for Plus and I do not use it.",
                    "How do I get out of the subscription?",
                ],
                asks: "I can help with that. When was the year charged?",
                details: ["Last week.", "Three days ago, and I had no delivery since."],
                answers: [
                    "Then we pay the 39 back, as “{article}” says. Choose Cancel under Account > Plus, and it is on \
                     its way.",
                    "You are within 14 days, so nothing is lost: I have ended it and the money goes back. See \
                     “{article}”.",
                ],
                pleased: ["Fair, thank you. Perhaps I will come back.", "That was easier than I had feared!"],
                angry: [
                    "Nobody reminded me of the renewal. I call that a trap.",
                    "It should not take a chat to cancel something. Bad.",
                ],
            },
            Lines {
                title: "Cancelar Plus",
                opens: [
                    "Quiero cancelar Alerce Plus.",
                    "Me habéis cobrado 39 de Plus y no lo uso.",
                    "¿Cómo me doy de baja de la suscripción?",
                ],
                asks: "Le ayudo. ¿Cuándo se cobró el año?",
                details: ["La semana pasada.", "Hace tres días, y desde entonces no he tenido envíos."],
                answers: [
                    "Entonces le devolvemos los 39, como dice «{article}». Elija Cancelar en Cuenta > Plus y salen \
                     enseguida.",
                    "Está en los 14 días, así que no pierde nada: la he dado de baja y el dinero vuelve. Vea \
                     «{article}».",
                ],
                pleased: ["Me parece justo, gracias. Igual vuelvo.", "¡Ha sido más fácil de lo que temía!"],
                angry: [
                    "Nadie me avisó de la renovación. Eso es una trampa.",
                    "No debería hacer falta un chat para darse de baja. Mal.",
                ],
            },
        ],
    },
    Dialogue {
        topic: "assembly",
        agent: "demo-sales",
        tool: None,
        says: [
            Lines {
                title: "Assembly of the {product}",
                opens: [
                    "Do you also assemble the {product}?",
                    "We are two elderly people, can somebody build it up for us?",
                    "What does assembly cost with Plus?",
                ],
                asks: "Yes, we do. Is it ordered already?",
                details: ["Yes, {order}, it comes next week to {city}.", "Not yet, I wanted to know before."],
                answers: [
                    "You can add it until the day before delivery: 49 a piece, half of it with Plus. “{article}” \
                     has the rest.",
                    "Two people come with the furniture and take the packaging away; “{article}”. Shall I add it?",
                ],
                pleased: ["Yes please, add it. What a relief!", "Perfect, then I will order it now."],
                angry: [
                    "49 for an hour of work is too much.",
                    "Last time they left the boxes in the stairway. Not nice.",
                ],
            },
            Lines {
                title: "Montaje de {product}",
                opens: [
                    "¿También montáis {product}?",
                    "Somos dos personas mayores, ¿nos lo puede montar alguien?",
                    "¿Cuánto cuesta el montaje con Plus?",
                ],
                asks: "Sí, claro. ¿Ya está pedido?",
                details: ["Sí, {order}, llega la semana que viene a {city}.", "Aún no, quería saberlo antes."],
                answers: [
                    "Puede añadirlo hasta el día anterior a la entrega: 49 la pieza, la mitad con Plus. Lo demás \
                     está en «{article}».",
                    "Vienen dos personas con el mueble y se llevan el embalaje; «{article}». ¿Lo añado?",
                ],
                pleased: ["Sí, añádalo. ¡Qué alivio!", "Perfecto, entonces lo pido ahora."],
                angry: [
                    "49 por una hora de trabajo es demasiado.",
                    "La última vez dejaron las cajas en el portal. Muy feo.",
                ],
            },
        ],
    },
    Dialogue {
        topic: "stock-alert",
        agent: "demo-sales",
        tool: Some(("check_stock", r#"{"product":"{product}","stock":0,"next":"in three weeks"}"#)),
        says: [
            Lines {
                title: "{product}: in stock?",
                opens: [
                    "When will the {product} be available again?",
                    "Is there a {product} left in {city}?",
                    "I have been waiting for the {product} since summer.",
                ],
                asks: "I will look it up. In which size would you like it?",
                details: ["The small one.", "The large one, if possible."],
                answers: [
                    "There is none today; the next ones are due in about three weeks. “{article}” shows how to be \
                     told.",
                    "The workshop is on it: three weeks. Choose Tell me on its page (“{article}”), and you hear it \
                     on the first day.",
                ],
                pleased: ["I can wait for three weeks. Thanks!", "Alert is set, thank you for the information."],
                angry: ["You told me three weeks a month ago.", "Every time I look it is sold out, very frustrating."],
            },
            Lines {
                title: "{product}: ¿hay existencias?",
                opens: [
                    "¿Cuándo volverá a haber {product}?",
                    "¿Queda {product} en la tienda de {city}?",
                    "Llevo desde el verano esperando {product}.",
                ],
                asks: "Lo miro. ¿En qué tamaño?",
                details: ["En el pequeño.", "En el grande, si puede ser."],
                answers: [
                    "Hoy no queda; los próximos llegan en unas tres semanas. «{article}» explica cómo recibir un \
                     aviso.",
                    "El taller está en ello: tres semanas. Elija Avísame en su página («{article}») y lo sabrá el \
                     primer día.",
                ],
                pleased: ["Puedo esperar tres semanas. ¡Gracias!", "Aviso puesto, gracias por la información."],
                angry: ["Hace un mes me dijisteis tres semanas.", "Siempre que miro está agotado, es muy frustrante."],
            },
        ],
    },
    Dialogue {
        topic: "wood-care",
        agent: "demo-reception",
        tool: None,
        says: [
            Lines {
                title: "Caring for the {product}",
                opens: [
                    "There is a ring of water on my {product}. Can that be mended?",
                    "Which oil do I use for the {product}?",
                    "How often does solid wood need oil?",
                ],
                asks: "Is it oiled or varnished?",
                details: ["Oiled, I think. I bought it in {city}.", "Oiled, with the oil that came with it."],
                answers: [
                    "Then it is simple: fine sandpaper along the grain and new oil, thinly. “{article}” describes \
                     it step by step.",
                    "Twice a year with the oil that came with it, rubbed off after ten minutes; see “{article}”.",
                ],
                pleased: ["It looks like new! Thank you for the tip.", "Lovely, I will try that at the weekend."],
                angry: ["I tried that and now it is worse.", "For that price it should not stain at all."],
            },
            Lines {
                title: "Cuidado de {product}",
                opens: [
                    "Ha quedado un cerco de agua en {product}. ¿Tiene arreglo?",
                    "¿Qué aceite uso para {product}?",
                    "¿Cada cuánto necesita aceite la madera maciza?",
                ],
                asks: "¿Está aceitada o barnizada?",
                details: ["Aceitada, creo. La compré en {city}.", "Aceitada, con el aceite que venía."],
                answers: [
                    "Entonces es sencillo: lija fina en el sentido de la veta y aceite nuevo, en capa fina. \
                     «{article}» lo explica paso a paso.",
                    "Dos veces al año con el aceite que venía, y se retira a los diez minutos; vea «{article}».",
                ],
                pleased: ["¡Ha quedado como nueva! Gracias por el consejo.", "Qué bien, lo pruebo el fin de semana."],
                angry: ["Lo he probado y ahora está peor.", "Con lo que cuesta no debería mancharse."],
            },
        ],
    },
    Dialogue {
        topic: "companies",
        agent: "demo-sales",
        tool: None,
        says: [
            Lines {
                title: "Offer for a company in {city}",
                opens: [
                    "We furnish a small hotel in {city} and need 24 pieces of the {product}. Do you have prices for \
                     companies?",
                    "Is there a discount for architects?",
                    "Good afternoon, can our office pay within 30 days?",
                ],
                asks: "Gladly. About how much will the order come to?",
                details: ["Around {amount} a piece, so well above 1,500.", "More than 1,500, in two deliveries."],
                answers: [
                    "Then you have 8 % off, and payment at 30 days from the second order on: “{article}”. {name} \
                     will be your contact.",
                    "“{article}” has the terms. I pass this on to {name}, who sends you samples and an offer.",
                ],
                pleased: ["Sounds very good, we wait for the offer.", "Thank you, a pleasure to deal with you."],
                angry: [
                    "8 % is less than your competitors give. We hoped for more.",
                    "We wrote two weeks ago and had no answer, not a good start.",
                ],
            },
            Lines {
                title: "Oferta para una empresa de {city}",
                opens: [
                    "Amueblamos un hotel pequeño en {city} y necesitamos 24 unidades de {product}. ¿Tenéis precios \
                     para empresas?",
                    "¿Hay descuento para estudios de arquitectura?",
                    "Buenas tardes, ¿nuestra oficina puede pagar a 30 días?",
                ],
                asks: "Con mucho gusto. ¿De cuánto sería el pedido, más o menos?",
                details: ["Unos {amount} la unidad, así que bastante más de 1500.", "Más de 1500, en dos entregas."],
                answers: [
                    "Entonces tienen un 8 %, y pago a 30 días desde el segundo pedido: «{article}». Su contacto \
                     será {name}.",
                    "Las condiciones están en «{article}». Se lo paso a {name}, que les enviará muestras y una oferta.",
                ],
                pleased: ["Suena muy bien, esperamos la oferta.", "Gracias, da gusto tratar con vosotros."],
                angry: [
                    "Un 8 % es menos de lo que da la competencia. Esperábamos más.",
                    "Escribimos hace dos semanas y nadie contestó, no es un buen comienzo.",
                ],
            },
        ],
    },
];
