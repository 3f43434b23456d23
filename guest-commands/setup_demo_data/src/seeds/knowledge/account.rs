//! Accounts, invoices and the subscription Alerce Plus.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        slug: "reset-password",
        tags: [&["account"], &["cuenta"]],
        title: ["I forgot my password", "He olvidado mi contraseña"],
        body: [
            "Choose Forgotten? on the sign-in page and type your address: a link comes within a few minutes and \
             works for one hour. If nothing comes, look among the unwanted mail, and check whether you ordered with \
             another address. We cannot see or set passwords.",
            "Elija ¿La ha olvidado? en la página de acceso y escriba su dirección: en pocos minutos llega un enlace \
             que sirve una hora. Si no llega nada, mire en el correo no deseado y compruebe si pidió con otra \
             dirección. Nosotros no podemos ver ni poner contraseñas.",
        ],
    },
    Topic {
        slug: "two-step",
        tags: [&["account", "security"], &["cuenta", "seguridad"]],
        title: ["I cannot sign in with the second step", "No puedo entrar con el segundo paso"],
        body: [
            "The six digits of your app change every 30 seconds and need a telephone whose clock is right. If you \
             lost the telephone, use one of the ten recovery codes that you saved. Without them we check who you \
             are by the last invoice, which takes one working day.",
            "Los seis dígitos de su aplicación cambian cada 30 segundos y necesitan un teléfono con la hora \
             correcta. Si perdió el teléfono, use uno de los diez códigos de recuperación que guardó. Sin ellos \
             comprobamos quién es con la última factura, lo que tarda un día laborable.",
        ],
    },
    Topic {
        slug: "close-account",
        tags: [&["account", "privacy"], &["cuenta", "privacidad"]],
        title: ["How do I close my account?", "¿Cómo cierro mi cuenta?"],
        body: [
            "Under Account > Privacy choose Close. What we know about you is deleted after 14 days in which you can \
             still change your mind; invoices stay for the years that the law demands. Before that you can download \
             everything there.",
            "En Cuenta > Privacidad elija Cerrar. Lo que sabemos de usted se borra a los 14 días, en los que aún \
             puede cambiar de idea; las facturas se conservan los años que exige la ley. Antes puede descargarlo \
             todo allí mismo.",
        ],
    },
    Topic {
        slug: "invoice",
        tags: [&["invoices"], &["facturas"]],
        title: ["Where do I find my invoice?", "¿Dónde encuentro mi factura?"],
        body: [
            "Under Account > Orders every order that has left has the link Invoice (PDF). It is also attached to \
             the message that announces the delivery. Orders of before 2021 are under Archive.",
            "En Cuenta > Pedidos, cada pedido que ya salió tiene el enlace Factura (PDF). También va adjunta al \
             aviso de envío. Los pedidos anteriores a 2021 están en Archivo, en la misma página.",
        ],
    },
    Topic {
        slug: "company-invoice",
        tags: [&["invoices", "companies"], &["facturas", "empresas"]],
        title: ["I need the invoice in my company's name", "Necesito la factura a nombre de mi empresa"],
        body: [
            "Add the company's name and tax number under Account > Invoices before you order. For an order that was \
             paid already we write the invoice anew within the same quarter: send us the order number, the name, \
             the tax number and the address.",
            "Añada el nombre y el NIF de la empresa en Cuenta > Facturas antes de pedir. Para un pedido ya pagado \
             rehacemos la factura dentro del mismo trimestre: envíenos el número de pedido, el nombre, el NIF y la \
             dirección.",
        ],
    },
    Topic {
        slug: "plus",
        tags: [&["subscription", "prices"], &["suscripción", "precios"]],
        title: ["What is Alerce Plus?", "¿Qué es Alerce Plus?"],
        body: [
            "A subscription for 39 a year: free delivery, the assembly at half its price, and sales two days before \
             everyone. It counts for everybody at one address. The first 30 days are a trial, and who cancels \
             within them pays nothing.",
            "Una suscripción de 39 al año: envíos gratis, el montaje a mitad de precio y las rebajas dos días \
             antes. Vale para todos los que viven en una dirección. Los primeros 30 días son de prueba, y quien \
             cancela en ellos no paga nada.",
        ],
    },
    Topic {
        slug: "cancel-plus",
        tags: [&["subscription"], &["suscripción"]],
        title: ["How do I cancel Alerce Plus?", "¿Cómo cancelo Alerce Plus?"],
        body: [
            "Under Account > Plus choose Cancel: it ends with the year that is paid, and until then everything \
             stays. If a year was charged in the last 14 days and you had no delivery since, we pay it back. A \
             reminder comes 15 days before each renewal.",
            "En Cuenta > Plus elija Cancelar: termina con el año pagado, y hasta entonces todo sigue igual. Si se \
             cobró un año en los últimos 14 días y desde entonces no tuvo envíos, lo devolvemos. Quince días antes \
             de cada renovación llega un aviso con el importe y la fecha.",
        ],
    },
    Topic {
        slug: "gift-cards",
        tags: [&["payments", "prices"], &["pagos", "precios"]],
        title: ["How do gift cards work?", "¿Cómo funcionan las tarjetas regalo?"],
        body: [
            "Choose any amount from 10 to 500; the card comes by mail at the hour you choose. It is valid for three \
             years, for several orders, and its rest stands under Account > Gift cards. It cannot be paid out, but \
             a return paid with it goes back onto it.",
            "Elija cualquier importe de 10 a 500; la tarjeta llega por correo a la hora que usted diga. Vale tres \
             años, para varios pedidos, y su saldo está en Cuenta > Tarjetas regalo. No se puede cambiar por \
             dinero, pero lo devuelto que se pagó con ella vuelve a ella.",
        ],
    },
];
