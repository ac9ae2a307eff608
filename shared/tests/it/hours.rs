//! What written hours come to, and what the tables say of a moment.

use shared::hours::{self, Announced, Change, Schedule, Span, State};
use shared::ids::{Day, Moment};
use shared::json;
use shared::link::HoursReading;

/// A Monday.
const TODAY: &str = "2026-11-23";

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn at(text: &str) -> Moment {
    text.parse().expect("a moment")
}

fn read(written: &str) -> Schedule {
    hours::expand(written, Some("FR"), day(TODAY), &[]).expect("these hours can be read")
}

/// Spans in words: `09:00-12:00 14:00-26:00? "by appointment"`.
fn shown(spans: Option<&[Span]>) -> String {
    let Some(spans) = spans else { return "unknown".to_owned() };
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let one = |span: &Span| {
        let sign = if span.uncertain { "?" } else { "" };
        let comment = span.comment.as_ref().map(|comment| format!(" {comment:?}")).unwrap_or_default();
        format!("{}-{}{sign}{comment}", time(span.from), time(span.to))
    };
    spans.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(schedule: &Schedule, on: &str, expected: &str) {
    assert_eq!(shown(schedule.day(day(on))), expected, "on {on}");
}

#[test]
fn a_plain_week_is_seven_days_and_nothing_else() {
    let schedule = read("Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-12:00");
    check(&schedule, TODAY, "09:00-12:00 14:00-18:00");
    check(&schedule, "2026-11-28", "10:00-12:00");
    check(&schedule, "2026-11-29", "");
    assert!(schedule.dated.is_empty() && schedule.seasons.is_empty());
}

#[test]
fn public_holidays_are_dated_days_of_the_country() {
    let schedule = read("Mo-Fr 09:00-17:00; PH off");
    check(&schedule, "2026-12-25", "");
    check(&schedule, "2027-07-14", "");
    check(&schedule, "2026-12-24", "09:00-17:00");
    let elsewhere = hours::expand("Mo-Fr 09:00-17:00; PH off", None, day(TODAY), &[]).expect("readable");
    check(&elsewhere, "2026-12-25", "09:00-17:00");
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins() {
    let schedule = read("Fr 22:00-04:00");
    check(&schedule, "2026-11-27", "22:00-28:00");
    check(&schedule, "2026-11-28", "");
}

#[test]
fn day_and_night_is_told_day_by_day() {
    let schedule = read("24/7");
    check(&schedule, TODAY, "00:00-24:00");
    assert_eq!(schedule.state(at("2026-11-23T03:00")), State::Open { until: None });
}

#[test]
fn hours_by_appointment_are_uncertain_and_keep_their_words() {
    let schedule = read("Mo-Tu 09:00-12:00; We 14:00-16:00 unknown \"sur rendez-vous\"; Th 10:00-11:00 \"sonner\"");
    check(&schedule, "2026-11-25", "14:00-16:00? \"sur rendez-vous\"");
    check(&schedule, "2026-11-26", "10:00-11:00 \"sonner\"");
    let now = schedule.state(at("2026-11-25T15:00"));
    assert_eq!(now, State::Uncertain { until: at("2026-11-25T16:00"), comment: Some("sur rendez-vous".to_owned()) });
}

#[test]
fn what_cannot_be_read_is_not_closed() {
    for written in ["", "   ", "le lundi sur rendez-vous", "Mo-Fr 9h-12h et après", &"Mo ".repeat(2_000)] {
        assert_eq!(hours::expand(written, Some("FR"), day(TODAY), &[]), None, "{written:?}");
    }
}

#[test]
fn what_people_mean_is_read_and_not_what_they_typed() {
    let cases = [
        ("Mo-Fr 09:00-17:00; Su, PH off", "2026-11-29", ""),
        ("Mo-We, Fr 08:00-12:00", "2026-11-23", "08:00-12:00"),
        ("Mo-We, Fr 08:00-12:00", "2026-11-27", "08:00-12:00"),
        ("Mo-Th 08:00-18:00,Fr 08:00-13:00", "2026-11-27", "08:00-13:00"),
        ("Mo 08:00-18:00, Fr 08:00-13:00", "2026-11-23", "08:00-18:00"),
        ("Mo–Fr 09:00–17:00", "2026-11-23", "09:00-17:00"),
        ("\"nach Vereinbarung\"", "2026-11-23", "00:00-24:00? \"nach Vereinbarung\""),
        ("Mo 09:00-12:00, Tu \"sur rdv, Mo\"", "2026-11-24", "00:00-24:00? \"sur rdv, Mo\""),
        ("24/7 \"sonner\"", "2026-11-23", "00:00-24:00 \"sonner\""),
        ("\"alleen open na afspraak\"", "2026-11-23", "00:00-24:00? \"alleen open na afspraak\""),
        ("\"téléphone 24/7\"", "2026-11-23", "00:00-24:00? \"téléphone 24/7\""),
        ("Mo-Fr 09:00-17:00 open; Sa \"sur rendez-vous\"", "2026-11-28", "00:00-24:00? \"sur rendez-vous\""),
        ("Mo-Fr 09:00-17:00 open || \"demander\"", "2026-11-28", "00:00-24:00? \"demander\""),
        ("Sa open \"sonner\"", "2026-11-28", "00:00-24:00 \"sonner\""),
        ("Mo 18:00+", "2026-11-23", "18:00-24:00?"),
        ("Mo 10:00-12:00 \"au 2e étage\"", "2026-11-23", "10:00-12:00 \"au 2e étage\""),
    ];
    for (written, on, expected) in cases {
        println!("{written}");
        check(&read(written), on, expected);
    }
}

#[test]
fn the_tables_reach_from_yesterday_to_more_than_a_year_ahead() {
    for today in ["2026-11-01", "2026-11-23", "2027-01-31", "2028-02-29"] {
        let schedule = hours::expand("Mo 10:00-11:00", None, day(today), &[]).expect("readable");
        assert!(schedule.day(day(today).plus(-1)).is_some());
        assert!(schedule.day(day(today).plus(shared::limits::SCHEDULE_DAYS)).is_some());
        assert_eq!(schedule.day(schedule.until), None);
        assert_eq!(schedule.day(schedule.from.plus(-1)), None);
    }
}

#[test]
fn publishing_again_in_the_same_month_changes_nothing() {
    let written = "Mo-Fr 09:00-17:00; PH off; SH 10:00-12:00";
    let on = |today: &str| hours::expand(written, Some("FR"), day(today), &[]);
    assert_eq!(on("2026-11-01"), on("2026-11-30"));
    assert_ne!(on("2026-11-30"), on("2026-12-01"));
}

#[test]
fn a_summer_is_a_season_and_not_a_list_of_days() {
    let schedule = read("Mo-Fr 09:00-17:00; Jun 15-Aug 31 Mo-Fr 09:00-13:00; PH off");
    check(&schedule, "2027-06-15", "09:00-13:00");
    check(&schedule, "2027-08-31", "09:00-13:00");
    check(&schedule, "2027-09-01", "09:00-17:00");
    check(&schedule, "2027-07-14", "");
    check(&schedule, "2027-07-17", "");
    assert_eq!(schedule.seasons.len(), 1, "{:?}", schedule.seasons);
    assert_eq!((schedule.seasons[0].from, schedule.seasons[0].to), (day("2027-06-15"), day("2027-08-31")));
    assert!(schedule.dated.len() < 20, "{:?}", schedule.dated);
    assert_eq!(shown(Some(&schedule.week_of(day("2027-07-01"))[0])), "09:00-13:00");
}

#[test]
fn seasons_and_odd_weeks_stay_small() {
    for written in [
        "Apr-Sep Mo-Su 08:00-20:00; Oct-Mar Mo-Su 09:00-17:00",
        "week 1-53/2 Mo 10:00-12:00; week 2-52/2 Th 14:00-16:00",
        "Mo[1] 10:00-12:00; We[2],We[4] 14:00-16:00; Sa[-1] 09:00-11:00",
        "Jan Mo 10:00-11:00; Feb Tu 10:00-11:00; Mar We 10:00-11:00; Apr Th 10:00-11:00; May Fr 10:00-11:00; Jun Sa 10:00-11:00",
        "sunrise-sunset",
    ] {
        let schedule = read(written);
        let json = json::to_string(&schedule);
        assert!(json.len() < 1_000, "{} bytes for {written}: {json}", json.len());
        assert_eq!(json::from_str::<Schedule>(&json).expect("our own JSON"), schedule);
    }
}

#[test]
fn an_ordinary_place_costs_few_bytes() {
    let json = json::to_string(&read("Mo-Fr 09:00-12:00; PH off; We 14:00-16:00 \"ici\""));
    println!("{json}");
    assert!(json.len() < 320, "{} bytes: {json}", json.len());
}

#[test]
fn a_changed_night_begins_on_its_first_day_and_not_the_night_before() {
    let change = Change::Instead("21:00-08:00".to_owned());
    let changes = [Announced { from: day("2026-12-01"), to: day("2026-12-02"), change }];
    let schedule = hours::expand("Mo-Fr 09:00-12:00", Some("FR"), day(TODAY), &changes).expect("readable");
    check(&schedule, "2026-11-30", "09:00-12:00");
    check(&schedule, "2026-12-01", "21:00-32:00");
    check(&schedule, "2026-12-02", "21:00-32:00");
    check(&schedule, "2026-12-03", "09:00-12:00");
    assert_eq!(schedule.state(at("2026-12-01T05:00")), State::Closed { opens: Some(at("2026-12-01T21:00")) });
}

#[test]
fn announced_changes_hold_over_the_usual_hours() {
    let announced = |from: &str, to: &str, change| Announced { from: day(from), to: day(to), change };
    let changes = [
        announced("2026-12-01", "2026-12-03", Change::Closed),
        announced("2026-12-07", "2026-12-07", Change::Instead("10:00-11:00".to_owned())),
        announced("2026-12-08", "2026-12-08", Change::Instead("le matin".to_owned())),
        announced("2026-12-09", "2026-12-09", Change::Within("11:00-20:00".to_owned())),
        announced("2020-01-01", "2020-01-02", Change::Closed),
        announced("2099-01-01", "2099-01-02", Change::Closed),
    ];
    let schedule = hours::expand("Mo-Fr 09:00-12:00,14:00-18:00", Some("FR"), day(TODAY), &changes).expect("readable");
    check(&schedule, "2026-11-30", "09:00-12:00 14:00-18:00");
    check(&schedule, "2026-12-01", "");
    check(&schedule, "2026-12-03", "");
    check(&schedule, "2026-12-04", "09:00-12:00 14:00-18:00");
    check(&schedule, "2026-12-07", "10:00-11:00");
    check(&schedule, "2026-12-08", "00:00-24:00? \"le matin\"");
    check(&schedule, "2026-12-09", "11:00-12:00 14:00-18:00");
}

#[test]
fn the_state_of_a_moment() {
    let schedule = read("Mo-Th 09:00-12:00,14:00-18:00; Fr 22:00-04:00; Su 00:00-24:00");
    let open = |until: &str| State::Open { until: Some(at(until)) };
    let closed = |opens: &str| State::Closed { opens: Some(at(opens)) };
    let cases = [
        ("2026-11-23T08:59", closed("2026-11-23T09:00")),
        ("2026-11-23T09:00", open("2026-11-23T12:00")),
        ("2026-11-23T11:59", open("2026-11-23T12:00")),
        ("2026-11-23T12:00", closed("2026-11-23T14:00")),
        ("2026-11-23T18:00", closed("2026-11-24T09:00")),
        ("2026-11-26T18:00", closed("2026-11-27T22:00")),
        ("2026-11-27T23:59", open("2026-11-28T04:00")),
        ("2026-11-28T00:00", open("2026-11-28T04:00")),
        ("2026-11-28T03:59", open("2026-11-28T04:00")),
        ("2026-11-28T04:00", closed("2026-11-29T00:00")),
        ("2026-11-29T00:00", open("2026-11-30T00:00")),
        ("2026-11-29T23:59", open("2026-11-30T00:00")),
        ("2026-11-30T00:00", closed("2026-11-30T09:00")),
    ];
    for (now, expected) in cases {
        assert_eq!(schedule.state(at(now)), expected, "at {now}");
    }
}

#[test]
fn open_across_midnight_closes_at_the_end_of_the_chain() {
    let schedule = read("Mo 20:00-24:00; Tu 00:00-24:00; We 00:00-06:00");
    assert_eq!(schedule.state(at("2026-11-23T21:00")), State::Open { until: Some(at("2026-11-25T06:00")) });
}

#[test]
fn outside_the_tables_nothing_is_known() {
    let schedule = read("Mo-Su 20:00-02:00");
    assert_eq!(schedule.state(Moment { day: schedule.until.plus(1), minute: 60 }), State::Unknown);
    assert_eq!(schedule.state(Moment { day: schedule.from.plus(-1), minute: 60 }), State::Unknown);
    let last_night = Moment { day: schedule.until, minute: 60 };
    assert_eq!(schedule.state(last_night), State::Open { until: Some(Moment { minute: 120, ..last_night }) });
}

#[test]
fn never_open_again_has_no_opening() {
    assert_eq!(read("2020 Mo-Fr 09:00-12:00").state(at("2026-11-23T10:00")), State::Closed { opens: None });
}

#[test]
fn the_writer_is_told_where_reading_stopped() {
    let explain = |written: &str| hours::explain(written, Some("FR"), day(TODAY));
    assert!(matches!(explain("Mo-Fr 09:00-12:00"), HoursReading::Read { .. }));
    assert_eq!(explain("Mo-Fr 09:00-12:00; Dimanche été"), HoursReading::NotRead { at: Some(19) });
    assert_eq!(explain("  été"), HoursReading::NotRead { at: Some(2) });
}

#[test]
fn spans_and_schedules_survive_their_json() {
    let span = |uncertain, comment: Option<&str>| Span { from: 5, to: 1_500, uncertain, comment: comment.map(str::to_owned) };
    let cases = [
        (span(false, None), "[5,1500]"),
        (span(true, None), "[5,1500,1]"),
        (span(true, Some("é")), "[5,1500,1,\"é\"]"),
        (span(false, Some("x")), "[5,1500,0,\"x\"]"),
    ];
    for (span, json) in cases {
        assert_eq!(json::to_string(&span), json);
        assert_eq!(json::from_str::<Span>(json).expect("our own JSON"), span);
    }
    for broken in ["[]", "[1]", "[1,2,3,4]", "[1,2,1,\"a\",5]", "[-1,2]", "{}"] {
        assert!(json::from_str::<Span>(broken).is_err(), "{broken}");
    }
}

/// What the parser is given comes from anyone, and a panic would end a member's replica.
mod hostile {
    use chrono::NaiveDate;
    use opening_hours::OpeningHours;
    use proptest::prelude::*;
    use shared::hours;

    const PARTS: &[&str] = &[
        "Mo",
        "Fr",
        "-",
        ",",
        ";",
        " ",
        "||",
        "PH",
        "SH",
        "[1]",
        "[-1]",
        "[1-5]",
        "10:00",
        "26:00",
        "48:00",
        "99:99",
        "00:00",
        "+",
        "/",
        "(sunset+48:00)",
        "(sunrise-23:00)",
        "dawn",
        "week",
        "53",
        "1",
        "0",
        "2026",
        "9999",
        "1900-2100/3",
        "Jan",
        "Feb 29",
        "easter",
        "easter -400 days",
        "+1000 days",
        "-1 day",
        "off",
        "unknown",
        "open",
        "\"x\"",
        "\"",
        "24/7",
        "é",
        "00:00-24:00/30",
        "Feb 30",
        "May 31-Jan 1",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_hours_break_the_evaluator(parts in prop::collection::vec(prop::sample::select(PARTS), 1..12)) {
            let written = parts.concat();
            if let Ok(hours) = written.parse::<OpeningHours>() {
                for day in [20_000, 20_148, 20_512] {
                    let date = NaiveDate::from_num_days_from_ce_opt(719_163 + day).expect("a day of our time");
                    let _schedule = hours.schedule_at(date).into_iter().count();
                }
            }
        }

        #[test]
        fn any_text_is_read_or_not(written in "\\PC{0,60}") {
            hours::expand(&written, Some("FR"), super::day(super::TODAY), &[]);
        }
    }

    #[test]
    fn long_hours_take_no_time() {
        for part in [
            "Mo 10:00-11:00,",
            "Mo 10:00-11:00;",
            "Mo 10:00-11:00 || ",
            "(",
            "Mo[1",
            "10:00-11:00,",
            "Jan 1-Feb 1,",
            "week 1-53/2 Mo;",
            "\"",
        ] {
            let written = part.repeat(980 / part.len()) + "Mo 10:00-11:00";
            let start = std::time::Instant::now();
            let read = hours::expand(&written, Some("FR"), super::day(super::TODAY), &[]).is_some();
            println!("{part:?} × {}: read {read}, {:?}", 980 / part.len(), start.elapsed());
            assert!(start.elapsed().as_secs() < 5, "{part:?}");
        }
    }
}
