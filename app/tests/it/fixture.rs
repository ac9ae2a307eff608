//! A small guide with everything a page can meet: unknown answers, withheld addresses, written hours,
//! closures, texts that are not translated.

use shared::decimal::Decimal;
use shared::edition::*;
use shared::hours::{Schedule, Span};
use shared::ids::{Day, Moment, RecordId};
use shared::order::Ordered;
use shared::record::{Access, Address, Attribution, Contact, Flags};
use shared::wire::GuideCard;
use std::collections::BTreeMap;
use std::sync::Arc;

pub const CLINIC: RecordId = RecordId([1; 16]);
pub const KITCHEN: RecordId = RecordId([2; 16]);
pub const REFUGE: RecordId = RecordId([3; 16]);
pub const LIBRARY: RecordId = RecordId([4; 16]);
pub const RIGHTS: RecordId = RecordId([20; 16]);
pub const TAKING_PART: RecordId = RecordId([21; 16]);

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub fn moment(text: &str) -> Moment {
    text.parse().expect("a moment")
}

/// A Monday at noon.
pub fn now() -> Moment {
    moment("2026-11-23T12:00")
}

pub fn words(text: &str) -> Words {
    Words { text: text.to_owned(), ..Words::default() }
}

fn in_french(text: &str) -> Words {
    Words { language: Some("fr".to_owned()), ..words(text) }
}

pub fn span(from: u16, to: u16) -> Span {
    Span { from: from * 60, to: to * 60, ..Span::default() }
}

fn flags(codes: &[(&str, bool)]) -> Flags {
    codes.iter().map(|(code, yes)| ((*code).to_owned(), *yes)).collect()
}

fn codes(pairs: &[(&str, &str)]) -> Ordered<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn schedule() -> Schedule {
    let weekday = || vec![span(9, 12), Span { uncertain: true, comment: some("sur rendez-vous"), ..span(14, 17) }];
    Schedule {
        written: "Mo-Fr 09:00-12:00; Mo-Fr 14:00-17:00 \"sur rendez-vous\"".to_owned(),
        week: [vec![span(9, 17)], weekday(), weekday(), weekday(), vec![span(9, 12)], vec![], vec![]],
        seasons: vec![],
        dated: [(day("2026-12-25"), vec![])].into_iter().collect(),
        from: day("2026-11-01"),
        until: day("2027-12-01"),
    }
}

pub fn clinic(arabic: bool) -> PlaceEntry {
    let describe = |french: &str, arab: &str| if arabic { words(arab) } else { words(french) };
    PlaceEntry {
        name: "Maison médicale du Quai".to_owned(),
        alternate_name: some("MMQ"),
        organization: some("Médecine pour le Peuple"),
        description: Some(describe(
            "Des médecins et des infirmières vous reçoivent, avec ou sans papiers.\n\nVenez avec une personne de confiance si vous voulez.",
            "أطباء وممرضات يستقبلونك، بأوراق أو بدونها.\n\nيمكنك المجيء مع شخص تثق به.",
        )),
        address: Address {
            address_1: some("12 quai de la Batte"),
            city: some("Liège"),
            postal_code: some("4000"),
            region: some("Outremeuse"),
            ..Address::default()
        },
        position: Some([50.645, 5.578].map(Decimal::nearest)),
        transportation: Some(describe("Bus 4, arrêt Pont Maghin", "الحافلة 4، موقف بون ماغان")),
        phones: vec![
            PhoneEntry {
                number: "+32 4 222 12 12".to_owned(),
                kind: some("voice"),
                languages: vec!["fr".into(), "ar".into()],
                ..PhoneEntry::default()
            },
            PhoneEntry {
                number: "0470 12 34 56".to_owned(),
                kind: some("mobile"),
                channels: vec!["whatsapp".into()],
                ..PhoneEntry::default()
            },
        ],
        email: some("accueil@example.org"),
        url: some("https://www.example.org/maison"),
        hours: Some(Hours::Expanded(Arc::new(schedule().into()))),
        exceptions: vec![ExceptionEntry {
            from: day("2026-12-24"),
            to: day("2027-01-02"),
            kind: "closed".into(),
            hours: None,
            text: Some(describe("Vacances d’hiver", "عطلة الشتاء")),
        }],
        services: vec![
            ServiceEntry {
                category: some("health.doctor"),
                name: Some(describe("Consultation de médecine générale", "استشارة طب عام")),
                description: Some(in_french("Premier rendez-vous le jour même.")),
                eligibility_description: Some(describe("Toute personne sans assurance", "كل شخص بلا تأمين")),
                application_process: Some(describe("Prenez un ticket à l’entrée.", "خذ تذكرة عند المدخل.")),
                fees_description: Some(describe("Rien à payer", "لا شيء")),
                alert: Some(describe("Pas de nouveaux patients avant le 1er décembre.", "لا مرضى جدد قبل 1 ديسمبر.")),
                ..ServiceEntry::default()
            },
            ServiceEntry { category: some("health.vaccination"), ..ServiceEntry::default() },
        ],
        access: Access {
            welcome: some("unconditional"),
            undocumented_ok: Some(true),
            id_check: some("name_only"),
            data_shared_with_authorities: Some(false),
            entry: some("walk_in"),
            cost: some("free"),
            gender: flags(&[("women", true), ("men", true)]),
            languages: codes(&[("fr", "native"), ("ar", "native"), ("ps", "phone")]),
            documents: codes(&[("identity", "helpful"), ("medical_file", "required")]),
            wheelchair: some("limited"),
            childcare: Some(true),
            animals: Some(false),
            ..Access::default()
        },
        saturation: some("busy"),
        saturation_until: Some(moment("2026-11-24T00:00")),
        assured_date: Some(day("2026-11-03")),
        assured_method: some("visit"),
        ..PlaceEntry::default()
    }
}

fn kitchen() -> PlaceEntry {
    PlaceEntry {
        name: "Cuisine de la Rue <Haute>".to_owned(),
        address: Address { city: some("Liège"), ..Address::default() },
        hours: Some(Hours::Written { written: "tous les soirs, demander à Fatou".to_owned() }),
        services: vec![ServiceEntry { category: some("food.meal"), ..ServiceEntry::default() }],
        assured_date: Some(day("2026-01-03")),
        ..PlaceEntry::default()
    }
}

fn refuge() -> PlaceEntry {
    PlaceEntry {
        name: "Refuge des femmes".to_owned(),
        address: Address { city: some("Liège"), ..Address::default() },
        address_withheld: some("on_request"),
        services: vec![ServiceEntry { category: some("shelter"), ..ServiceEntry::default() }],
        access: Access { gender: flags(&[("women", true), ("men", false)]), undocumented_ok: Some(false), ..Access::default() },
        temporarily_closed: true,
        hours: Some(Hours::Expanded(Arc::new(schedule().into()))),
        url: some("javascript:alert(1)"),
        ..PlaceEntry::default()
    }
}

fn library(number: u8) -> PlaceEntry {
    PlaceEntry {
        name: format!("Bibliothèque {number:02}"),
        services: vec![ServiceEntry { category: some("culture.library"), ..ServiceEntry::default() }],
        ..PlaceEntry::default()
    }
}

fn rights(language: &str) -> PageEntry {
    let texts = [
        ("Restez calme. Montrez vos mains.", "ابق هادئاً. أظهر يديك.", "hand"),
        ("Vous avez le droit de vous taire.", "لك الحق في الصمت.", "access.anonymous"),
        ("Ne signez rien que vous ne comprenez pas.", "لا توقّع على شيء لا تفهمه.", "paper"),
    ];
    let step = |(french, arabic, pictogram): (&str, &str, &str)| StepEntry {
        text: words(if language == "fr" { french } else { arabic }),
        source: (language != "fr").then(|| french.to_owned()),
        pictogram: some(if pictogram == "hand" { "person" } else { pictogram }),
    };
    PageEntry {
        title: words(if language == "fr" {
            "Contrôle d’identité dans la rue"
        } else {
            "تفتيش الهوية في الشارع"
        }),
        category: some("identity_check"),
        steps: texts.into_iter().map(step).collect(),
        body: Some(in_french("Gardez ce numéro sur vous.")),
        sources: vec![SourceEntry {
            name: "Loi sur la fonction de police, art. 34".into(),
            url: some("https://www.ejustice.just.fgov.be/"),
        }],
        example: true,
        position: Decimal::nearest(1.0),
        assured_date: Some(day("2026-10-01")),
        ..PageEntry::default()
    }
}

pub fn edition(language: &str) -> Edition {
    let arabic = language == "ar";
    let place = |place: PlaceEntry| Entry::Place(Arc::new(place.into()));
    let mut entries = BTreeMap::from([
        (CLINIC, place(clinic(arabic))),
        (KITCHEN, place(kitchen())),
        (REFUGE, place(refuge())),
        (RIGHTS, Entry::Page(Arc::new(rights(language)))),
        (
            TAKING_PART,
            Entry::Page(Arc::new(PageEntry {
                title: in_french("Participer à l’assemblée"),
                category: some("participation"),
                position: Decimal::nearest(2.0),
                ..PageEntry::default()
            })),
        ),
        (
            RecordId([30; 16]),
            notice("urgent", "Grand froid : le hall de la gare reste ouvert cette nuit.", Some("2026-11-24T08:00")),
        ),
        (RecordId([31; 16]), notice("info", "Le vestiaire déménage lundi.", None)),
        (RecordId([32; 16]), notice("warning", "Annonce expirée", Some("2026-11-20T08:00"))),
    ]);
    if language == "fr" {
        entries.values_mut().for_each(|entry| {
            if let Entry::Notice(notice) = entry {
                std::sync::Arc::make_mut(notice).text.language = None
            }
        });
    }
    entries.insert(LIBRARY, place(library(0)));
    entries.extend((1..=51).map(|number| (RecordId([100 + number; 16]), place(library(number)))));
    Edition {
        version: EDITION_VERSION,
        guide: header(),
        language: language.to_owned(),
        revision: 7,
        epoch: "e".to_owned(),
        published: moment("2026-11-22T18:05"),
        entries: entries.into_iter().collect(),
    }
}

fn notice(level: &str, text: &str, until: Option<&str>) -> Entry {
    Entry::Notice(Arc::new(NoticeEntry {
        text: in_french(text),
        level: level.to_owned(),
        until: until.map(moment),
        ..NoticeEntry::default()
    }))
}

fn header() -> GuideHeader {
    GuideHeader {
        id: "liege".parse().expect("a slug"),
        name: "Liège solidaire".to_owned(),
        territory: some("Liège"),
        boundary: some("50.66,5.55 50.67,5.58 50.65,5.62 50.62,5.6 50.61,5.56"),
        source_language: "fr".to_owned(),
        languages: ["fr", "en", "ar", "es"].map(String::from).to_vec(),
        fallback: None,
        time_zone: "Europe/Brussels".to_owned(),
        country: some("BE"),
        hidden_categories: vec!["money".to_owned()],
        contact: Contact { phone: some("04 111 22 33"), email: some("guide@example.org"), url: None },
        attribution: vec![Attribution {
            name: some("OpenStreetMap contributors"),
            url: some("https://www.openstreetmap.org/copyright"),
            licence: some("ODbL"),
        }],
    }
}

pub fn guides() -> Vec<GuideCard> {
    let header = header();
    vec![GuideCard { id: header.id, name: header.name, languages: header.languages, revision: 7 }]
}
