//! Products, services and shops.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        slug: "assembly",
        tags: [&["services"], &["servicios"]],
        title: ["Do you assemble the furniture?", "¿Montan los muebles?"],
        body: [
            "Yes, for 49 a piece and half of that with Plus. Choose Assembly before you pay, or add it up to the \
             day before delivery. Two people come with the furniture, take the packaging away and fix tall pieces \
             to the wall.",
            "Sí, por 49 la pieza, y la mitad con Plus. Elija Montaje antes de pagar, o añádalo hasta el día \
             anterior a la entrega. Vienen dos personas con el mueble, se llevan el embalaje y fijan a la pared las \
             piezas altas.",
        ],
    },
    Topic {
        slug: "stock-alert",
        tags: [&["products"], &["productos"]],
        title: ["When will it be in stock again?", "¿Cuándo volverá a haber existencias?"],
        body: [
            "Pieces of our workshop come back every four to six weeks. Choose Tell me on the product's page and a \
             message comes on the first day; it reserves nothing. What is marked Last pieces does not come back.",
            "Las piezas de nuestro taller vuelven cada cuatro a seis semanas. Elija Avísame en la página del \
             producto y llegará un mensaje el primer día; no reserva nada. Lo que dice Últimas piezas ya no vuelve. \
             También puede preguntar en la tienda más cercana, que a veces guarda alguna.",
        ],
    },
    Topic {
        slug: "wood-care",
        tags: [&["products", "care"], &["productos", "cuidado"]],
        title: ["How do I care for solid wood?", "¿Cómo cuido la madera maciza?"],
        body: [
            "Wipe it with a damp cloth and dry it at once. Oil it twice a year with the oil that came with it, \
             thinly, and rub it off after ten minutes. Rings of water go away with fine sandpaper along the grain \
             and new oil. Keep it a metre away from heaters.",
            "Pase un paño húmedo y séquela enseguida. Dele aceite dos veces al año, el que vino con ella, en capa \
             fina, y retírelo a los diez minutos. Los cercos de agua se quitan con lija fina en el sentido de la \
             veta y aceite nuevo. Manténgala a un metro de los radiadores.",
        ],
    },
    Topic {
        slug: "fabric-care",
        tags: [&["products", "care"], &["productos", "cuidado"]],
        title: ["Can I wash the sofa's covers?", "¿Se pueden lavar las fundas del sofá?"],
        body: [
            "Cotton and linen covers go into the machine at 30 degrees, inside out and with the zips closed; put \
             them back on while they are slightly damp. Wool and velvet are for the dry cleaner's. New covers for \
             every sofa since 2015 are under Spare parts.",
            "Las fundas de algodón y lino van a la lavadora a 30 grados, del revés y con las cremalleras cerradas; \
             póngalas cuando aún estén un poco húmedas. La lana y el terciopelo van a la tintorería. Hay fundas \
             nuevas para todos los sofás desde 2015 en Recambios.",
        ],
    },
    Topic {
        slug: "opening-hours",
        tags: [&["shops"], &["tiendas"]],
        title: ["When are the shops open?", "¿Qué horario tienen las tiendas?"],
        body: [
            "Bilbao, Madrid and Valencia are open from Monday to Saturday, 10:00 to 20:30. Madrid also opens on the \
             first Sunday of the month, 11:00 to 15:00. The chat answers at any hour; people answer from 9:00 to \
             19:00 on working days.",
            "Bilbao, Madrid y Valencia abren de lunes a sábado, de 10:00 a 20:30. Madrid abre además el primer \
             domingo del mes, de 11:00 a 15:00. El chat responde a cualquier hora; las personas, de 9:00 a 19:00 en \
             días laborables.",
        ],
    },
    Topic {
        slug: "shop-pickup",
        tags: [&["shops", "delivery"], &["tiendas", "envíos"]],
        title: ["Can I collect my order at a shop?", "¿Puedo recoger el pedido en una tienda?"],
        body: [
            "Yes, free of charge and usually on the next day. A message says when it is ready; bring its code or \
             your identity card. We keep it for ten days and refund it after that. Large furniture is handed over \
             at the warehouse entrance.",
            "Sí, gratis y normalmente al día siguiente. Un mensaje le dirá cuándo está listo; traiga el código o su \
             documento de identidad. Lo guardamos diez días y después lo reembolsamos. Los muebles grandes se \
             entregan en la puerta del almacén.",
        ],
    },
    Topic {
        slug: "companies",
        tags: [&["companies", "prices"], &["empresas", "precios"]],
        title: ["Do you have prices for companies?", "¿Tienen precios para empresas?"],
        body: [
            "Orders of 1,500 or more have 8 % off, and payment at 30 days after the first order. Architects and \
             hotels get a person of their own and samples of every wood. Write to us with your tax number and what \
             you plan.",
            "Los pedidos desde 1500 tienen un 8 % de descuento, y pago a 30 días después del primero. Los estudios \
             de arquitectura y los hoteles tienen una persona asignada y muestras de todas las maderas. Escríbanos \
             con su NIF y lo que planea.",
        ],
    },
    Topic {
        slug: "talk-to-a-person",
        tags: [&["services"], &["servicios"]],
        title: ["Can I talk to a person?", "¿Puedo hablar con una persona?"],
        body: [
            "Of course: write Person in the chat. On working days from 9:00 to 19:00 somebody takes over within \
             minutes and sees what was written so far; at other hours we call you back on the next working day.",
            "Por supuesto: escriba Persona en el chat. En días laborables de 9:00 a 19:00 alguien se hace cargo en \
             unos minutos y ve lo que ya se ha escrito; a otras horas le llamamos el siguiente día laborable.",
        ],
    },
];
