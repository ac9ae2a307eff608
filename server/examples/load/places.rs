//! Places as guides have them, drawn by seed: a name, an address, a paragraph, hours, a phone, one or
//! two services, some facts about access. Sizes follow the city lists the importer was built with.

use rand::Rng;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use shared::edit::Edit;

const NAMES: [&str; 8] = [
    "Centre de santé",
    "Accueil de jour",
    "Maison des associations",
    "Restaurant solidaire",
    "Permanence juridique",
    "Bains-douches",
    "Bibliothèque",
    "Point d’eau",
];
const STREETS: [&str; 6] = ["rue des Lilas", "avenue Jean Jaurès", "place du Marché", "quai Nord", "rue Neuve", "cours Gambetta"];
const SENTENCES: [&str; 8] = [
    "Sonner à l’entrée, puis monter au premier étage.",
    "Accueil sans rendez-vous, gratuit et anonyme.",
    "Un interprète peut être appelé par téléphone.",
    "Aucun papier n’est demandé à l’arrivée.",
    "Les repas sont servis tant qu’il en reste.",
    "Venir tôt : il y a souvent du monde le lundi.",
    "Les enfants sont les bienvenus.",
    "Fermé pendant les vacances scolaires.",
];
const HOURS: [&str; 5] = [
    "Mo-Fr 09:00-12:30,14:00-17:30; PH off",
    "Mo-Su 08:00-20:00",
    "Tu,Th 14:00-18:00; Sa 09:00-12:00; PH off",
    "Mo-Fr 11:30-13:30",
    "24/7",
];
const CATEGORIES: [&str; 8] =
    ["health.doctor", "health.dental", "food.meal", "food.parcel", "legal.asylum", "hygiene.shower", "digital.wifi", "shelter"];
const COSTS: [&str; 3] = ["free", "donation", "sliding"];
const ENTRIES: [&str; 3] = ["walk_in", "appointment", "registration"];

pub fn place(rng: &mut SmallRng) -> Vec<Edit> {
    let number = rng.random_range(1..200);
    let mut edits = vec![
        Edit::put("name", format!("{} {}", one(rng, &NAMES), rng.random_range(1..5_000))),
        Edit::write("description.fr.text", sentences(rng, 2)),
        Edit::put("address.address_1", format!("{number} {}", one(rng, &STREETS))),
        Edit::put("address.city", "Lyon"),
        Edit::put("address.postal_code", format!("6900{}", rng.random_range(1..10))),
        Edit::put("latitude", 45.7 + f64::from(rng.random_range(0..100_000)) / 1e6),
        Edit::put("longitude", 4.8 + f64::from(rng.random_range(0..100_000)) / 1e6),
        Edit::put("opening_hours", one(rng, &HOURS)),
        Edit::put("phones.p1.number", format!("+33 4 {:08}", rng.random_range(0..100_000_000))),
        Edit::put("access.cost", one(rng, &COSTS)),
        Edit::put("access.entry", one(rng, &ENTRIES)),
        Edit::put("assured_date", format!("2026-{:02}-{:02}", rng.random_range(1..12), rng.random_range(1..29))),
    ];
    for service in 0..rng.random_range(1..=2) {
        edits.push(Edit::put(format!("services.s{service}.category"), one(rng, &CATEGORIES)));
        edits.push(Edit::write(format!("services.s{service}.description.fr.text"), sentences(rng, 1)));
    }
    edits
}

/// One field, always to something new.
pub fn one_field(rng: &mut SmallRng) -> [Edit; 1] {
    [Edit::put("phones.p1.number", format!("+33 6 {:08}", rng.random_range(0..100_000_000)))]
}

fn one(rng: &mut SmallRng, from: &[&'static str]) -> &'static str {
    from.choose(rng).copied().unwrap_or_default()
}

fn sentences(rng: &mut SmallRng, count: usize) -> String {
    (0..count).map(|_| one(rng, &SENTENCES)).collect::<Vec<_>>().join(" ")
}
