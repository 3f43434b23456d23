//! Orders, deliveries and payments.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        slug: "order-tracking",
        tags: [&["orders", "delivery"], &["pedidos", "envíos"]],
        title: ["Where is my order?", "¿Dónde está mi pedido?"],
        body: [
            "Open Account > Orders and choose the order: the line under its number says whether it is being packed, \
             with the carrier or at your door. Carriers update it twice a day, so a parcel can seem to stand still \
             for up to 24 hours. If nothing changes for three working days, write to us with the order number and \
             we ask the carrier for it.",
            "Abra Cuenta > Pedidos y elija el pedido: la línea bajo su número dice si se está preparando, si lo \
             lleva el transportista o si llega hoy. Los transportistas la actualizan dos veces al día, así que un \
             paquete puede parecer quieto hasta 24 horas. Si nada cambia en tres días laborables, escríbanos con el \
             número y lo reclamamos.",
        ],
    },
    Topic {
        slug: "delivery-times",
        tags: [&["delivery"], &["envíos"]],
        title: ["How long does delivery take?", "¿Cuánto tarda el envío?"],
        body: [
            "Small items arrive in two to three working days on the mainland and in four to six on the islands. \
             Furniture is delivered by appointment: the carrier calls within 48 hours of the order and offers you \
             two days to choose from. Orders placed before 14:00 leave the same day.",
            "Los artículos pequeños llegan en dos o tres días laborables en la península y en cuatro a seis en las \
             islas. Los muebles se entregan con cita: el transportista llama en las 48 horas siguientes al pedido y \
             le ofrece dos días a elegir. Lo que se pide antes de las 14:00 sale ese mismo día.",
        ],
    },
    Topic {
        slug: "delivery-costs",
        tags: [&["delivery", "prices"], &["envíos", "precios"]],
        title: ["What does delivery cost?", "¿Cuánto cuesta el envío?"],
        body: [
            "Delivery of small items costs 4.90 and is free from 60 on. Furniture costs 29 whatever its number, \
             carried to the room of your choice. With Alerce Plus every delivery is free, furniture included.",
            "El envío de artículos pequeños cuesta 4,90 y es gratis a partir de 60. El de muebles cuesta 29, sean \
             cuantos sean, y se suben a la habitación que usted diga. Con Alerce Plus todos los envíos son gratis, \
             también los de muebles.",
        ],
    },
    Topic {
        slug: "change-address",
        tags: [&["orders", "delivery"], &["pedidos", "envíos"]],
        title: ["Can I change the delivery address?", "¿Puedo cambiar la dirección de entrega?"],
        body: [
            "Yes, until the order is packed: open it under Account > Orders and choose Change address. Once the \
             carrier has it, only the carrier can redirect it; the link is in the message that announces the \
             delivery. A redirection can take one day more.",
            "Sí, mientras el pedido no esté preparado: ábralo en Cuenta > Pedidos y elija Cambiar dirección. Cuando \
             ya lo lleva el transportista, solo él puede desviarlo; el enlace está en el aviso de entrega. Un \
             desvío puede añadir un día más.",
        ],
    },
    Topic {
        slug: "cancel-order",
        tags: [&["orders"], &["pedidos"]],
        title: ["How do I cancel an order?", "¿Cómo cancelo un pedido?"],
        body: [
            "An order that is not packed yet can be cancelled under Account > Orders > Cancel, and the money goes \
             back at once. If it has left, refuse the parcel at the door or send it back as a return. Pieces made \
             to measure cannot be cancelled after 24 hours, because they are cut by then.",
            "Un pedido que aún no está preparado se cancela en Cuenta > Pedidos > Cancelar, y el dinero vuelve al \
             momento. Si ya salió, rechace el paquete en la puerta o devuélvalo. Las piezas a medida no se pueden \
             cancelar pasadas 24 horas, porque para entonces ya están cortadas. Así evitamos desperdiciar madera, \
             que es lo más valioso que tenemos aquí.",
        ],
    },
    Topic {
        slug: "payment-methods",
        tags: [&["payments"], &["pagos"]],
        title: ["How can I pay?", "¿Cómo puedo pagar?"],
        body: [
            "We take cards, bank transfer and Bizum, and PayPal outside of Spain. A transfer has to reach us within \
             five days; the order is packed once it is here. We never ask for card details by chat, telephone or mail.",
            "Aceptamos tarjeta, transferencia y Bizum, y PayPal fuera de España. Una transferencia tiene que \
             llegarnos en cinco días; el pedido se prepara cuando está aquí. Nunca pedimos los datos de su tarjeta \
             por chat, teléfono o correo.",
        ],
    },
    Topic {
        slug: "payment-declined",
        tags: [&["payments", "problems"], &["pagos", "problemas"]],
        title: ["My card was declined", "Me rechazan la tarjeta"],
        body: [
            "Most often the bank asks for a confirmation in its app and the time for it runs out after five \
             minutes: try again with the app open. If it still fails, check the card's limit for internet \
             purchases. An amount that shows as reserved is released by the bank within three days; we have not \
             charged it.",
            "Casi siempre el banco pide confirmar en su aplicación y el plazo vence a los cinco minutos: pruebe \
             otra vez con la aplicación abierta. Si sigue fallando, mire el límite de su tarjeta para compras por \
             internet. Un importe que aparece retenido lo libera el banco en tres días; nosotros no lo hemos cobrado.",
        ],
    },
    Topic {
        slug: "instalments",
        tags: [&["payments", "prices"], &["pagos", "precios"]],
        title: ["Can I pay in instalments?", "¿Puedo pagar a plazos?"],
        body: [
            "From 150 on you can pay in three instalments without interest, by card. The first is charged with the \
             order, the others after 30 and 60 days. If you return a part of the order, the last instalment shrinks \
             first.",
            "A partir de 150 puede pagar en tres plazos sin intereses, con tarjeta. El primero se cobra con el \
             pedido y los otros a los 30 y 60 días. Si devuelve una parte del pedido, se reduce primero el último \
             plazo.",
        ],
    },
    Topic {
        slug: "discount-codes",
        tags: [&["prices"], &["precios"]],
        title: ["My discount code does not work", "Mi código de descuento no funciona"],
        body: [
            "A code counts for one order, until the day that stands beside it, and not for pieces that are reduced \
             already. Type it without spaces before you pay. If you forgot it, tell us within 24 hours and we take \
             the discount off the order afterwards.",
            "Un código vale para un solo pedido, hasta el día que se indica a su lado, y no para piezas ya \
             rebajadas. Escríbalo sin espacios antes de pagar. Si se le olvidó, díganoslo en 24 horas y aplicamos \
             el descuento después.",
        ],
    },
];
