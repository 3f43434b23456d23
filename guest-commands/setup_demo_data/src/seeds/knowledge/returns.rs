//! Returns, refunds and the guarantee.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        slug: "returns",
        tags: [&["returns"], &["devoluciones"]],
        title: ["How do I return something?", "¿Cómo devuelvo un artículo?"],
        body: [
            "You have 30 days from delivery, without giving a reason. Open the order, choose Return and print the \
             label; parcels go to any post office and furniture is fetched from your home. Returns are free, and \
             assembled furniture is taken back too as long as it is undamaged.",
            "Tiene 30 días desde la entrega, sin dar motivos. Abra el pedido, elija Devolver e imprima la etiqueta; \
             los paquetes se dejan en cualquier oficina de correos y los muebles los recogemos en su casa. Devolver \
             es gratis, y también aceptamos muebles montados si no tienen daños.",
        ],
    },
    Topic {
        slug: "return-pickup",
        tags: [&["returns", "delivery"], &["devoluciones", "envíos"]],
        title: ["When do you fetch my furniture?", "¿Cuándo recogen mi mueble?"],
        body: [
            "The carrier calls within two working days of your request and fetches it within a week. You need not \
             pack it, but it should stand on the ground floor or beside a lift. If nobody calls, tell us the number \
             of the return.",
            "El transportista llama en dos días laborables desde su solicitud y lo recoge en una semana. No hace \
             falta embalarlo, pero debe estar en la planta baja o junto a un ascensor. Si nadie llama, díganos el \
             número de la devolución.",
        ],
    },
    Topic {
        slug: "refunds",
        tags: [&["returns", "payments"], &["devoluciones", "pagos"]],
        title: ["When do I get my money back?", "¿Cuándo recibo el reembolso?"],
        body: [
            "We refund within three working days after the return has reached us, in the way you paid. Banks need \
             up to five days more to show it. You get a message on the day on which we send the money; before that \
             day there is nothing the bank could see.",
            "Reembolsamos en tres días laborables desde que nos llega la devolución, por el mismo medio con el que \
             pagó. Los bancos tardan hasta cinco días más en mostrarlo. Recibirá un aviso el día en que enviamos el \
             dinero; antes de ese día su banco no puede ver nada.",
        ],
    },
    Topic {
        slug: "exchanges",
        tags: [&["returns", "orders"], &["devoluciones", "pedidos"]],
        title: ["Can I exchange something for another colour?", "¿Puedo cambiarlo por otro color?"],
        body: [
            "Yes: choose Exchange in place of Return and pick the other colour or size. We send the new piece at \
             once and wait 14 days for the old one. A difference in price is charged or refunded when the old one \
             is here.",
            "Sí: elija Cambiar en vez de Devolver y escoja el otro color o tamaño. Enviamos la pieza nueva \
             enseguida y esperamos 14 días la anterior. La diferencia de precio se cobra o se devuelve cuando nos \
             llega la anterior.",
        ],
    },
    Topic {
        slug: "damaged",
        tags: [&["problems", "returns"], &["problemas", "devoluciones"]],
        title: ["It arrived damaged", "Ha llegado dañado"],
        body: [
            "We are sorry. Send two photos within seven days, one of the damage and one of the parcel's label, and \
             choose between a new piece and your money. You need not send back what cannot be repaired. For small \
             scratches we offer a discount of 15 % if you would rather keep it.",
            "Lo sentimos. Envíe dos fotos en siete días, una del daño y otra de la etiqueta del paquete, y elija \
             entre una pieza nueva y su dinero. No hace falta que devuelva lo que no se puede reparar. Por pequeños \
             arañazos ofrecemos un 15 % de descuento si prefiere quedárselo.",
        ],
    },
    Topic {
        slug: "missing-parts",
        tags: [&["problems", "products"], &["problemas", "productos"]],
        title: ["A part is missing", "Falta una pieza"],
        body: [
            "Look up the part's number on the last page of the instructions and send it to us with the order \
             number. Screws and fittings leave the same day by letter and arrive in two days; boards take a week. \
             Please do not send the whole piece back before we have answered.",
            "Busque el número de la pieza en la última página de las instrucciones y envíenoslo con el número de \
             pedido. Los tornillos y herrajes salen el mismo día por carta y llegan en dos días; los tableros \
             tardan una semana. Por favor, no devuelva el mueble entero antes de que le respondamos.",
        ],
    },
    Topic {
        slug: "guarantee",
        tags: [&["problems", "products"], &["problemas", "productos"]],
        title: ["What does the guarantee cover?", "¿Qué cubre la garantía?"],
        body: [
            "Everything has three years of guarantee, and solid wood has ten. It covers faults of the material and \
             of our work: joints that open, drawers that jam, lamps that fail. It does not cover stains, scratches \
             and wood that stood beside a heater. You need the invoice, which is in your account.",
            "Todo tiene tres años de garantía, y la madera maciza diez. Cubre los fallos del material y de nuestro \
             trabajo: juntas que se abren, cajones que se atascan, lámparas que fallan. No cubre manchas, arañazos \
             ni madera que estuvo junto a un radiador. Necesita la factura, que está en su cuenta.",
        ],
    },
];
