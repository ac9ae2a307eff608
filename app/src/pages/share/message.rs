//! A place as one text message: a phone without the internet can read it.

use crate::languages::is_rtl_letter;
use shared::edition::PlaceEntry;
use shared::search::fold;

/// Septets of one message (3GPP TS 23.038), and the characters that cost one each, without line feed.
const SEPTETS_MAX: usize = 160;
const PLAIN: &str = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Capitals of European names that are not among them.
const CAPITALS: &str = "ÀÁÂÃĀĂĄĆČĎÈÊËĒĖĘĚĞÌÍÎÏĪİŁŃŇÒÓÔÕŌŐŘŚŞȘŠŤȚÙÚÛŪŮŰÝŹŻŽ";

/// The name, then what finds room in the order of its use: telephone, street, town; the link at the
/// end, unless it alone would be too long. Never more than 160 characters.
pub fn of(place: &PlaceEntry, link: &str) -> String {
    let link = plain(link);
    let link = Some(link).filter(|link| link.len() < SEPTETS_MAX / 4 * 3);
    let room = SEPTETS_MAX - link.as_ref().map_or(0, |link| link.chars().count() + 1);
    let phone = place.phones.iter().map(|phone| phone.number.clone()).find(|number| !number.is_empty());
    let address = &place.address;
    let parts = [phone, address.address_1.clone(), address.city.clone()];
    let mut text: String = plain(&place.name).chars().take(room).collect();
    let apart = text.chars().any(is_rtl_letter);
    for part in parts.into_iter().flatten().map(|part| plain(&part)) {
        // After letters that run from the right, "+32 4 222" would be read from the right as well.
        let part = if apart && !part.chars().any(is_rtl_letter) { format!("\u{2066}{part}\u{2069}") } else { part };
        if text.chars().count() + 2 + part.chars().count() <= room {
            text = format!("{text}, {part}");
        }
    }
    link.into_iter().fold(text, |text, link| format!("{text} {link}"))
}

/// Letters that would make the whole message cost double, written plainer where there is a way
/// ("ê" as "e"); other scripts stay as they are.
fn plain(text: &str) -> String {
    let one = |letter: char| match PLAIN.contains(letter) {
        true => letter.to_string(),
        false if letter.is_whitespace() => " ".to_owned(),
        false => {
            let folded = fold(&letter.to_string());
            let plain = if CAPITALS.contains(letter) { folded.to_ascii_uppercase() } else { folded };
            let is_plainer = !plain.is_empty() && plain.chars().all(|letter| PLAIN.contains(letter));
            if is_plainer { plain } else { letter.to_string() }
        }
    };
    text.trim().chars().map(one).collect()
}
