//! Writing the page of a choice as HTML: text, a table and a form, without a script.

use jiff::civil::Date;
use throughline_core::order::choice::{By, Choice, ChoiceMade, Chosen};
use throughline_core::order::{Line, LineUnits, Order, totals};
use throughline_core::promise::{Promised, line_promises};
use throughline_core::time::Millis;

use crate::http::docs_page::escape;

const STYLE: &str = include_str!("page.css");

/// The page of a choice: of whom, with the titles of what could come instead, and with what went wrong if something did.
#[must_use]
pub(super) fn choice(
    (brand, titles): (&str, &[String]),
    order: &Order,
    choice: &Choice,
    now: Millis,
    problem: Option<&str>,
) -> String {
    let number = order.number;
    let mut main = String::with_capacity(4096);
    if let Some(problem) = problem {
        main.push_str(&format!(
            "<p class=\"problem\" role=\"alert\">{}</p>",
            escape(problem)
        ));
    }
    let title = match choice.made {
        None => format!("Order {number} comes later than promised"),
        Some(_) => format!("Order {number}: your choice"),
    };
    main.push_str(&format!("<h1>{title}</h1>"));
    match choice.made {
        None if choice.deadline > now => open(&mut main, order, choice, titles),
        None => main.push_str(&format!(
            "<p class=\"note\">The time to choose ended on {}. {}</p>",
            moment(choice.deadline),
            outcome(order, choice, choice.default)
        )),
        Some(made) => main.push_str(&format!(
            "<p class=\"note\">{}</p>",
            chosen(order, choice, made)
        )),
    }
    if choice.made.is_some() || choice.deadline <= now {
        table(&mut main, order, choice);
    }
    whole(&title, brand, &main)
}

/// The page of a link that leads nowhere.
#[must_use]
pub(super) fn nowhere() -> String {
    let main = "<h1>This link leads nowhere</h1><p>It may be cut off, or replaced by a newer one. \
        Use the link of the last message about your order, or ask the shop.</p>";
    whole("This link leads nowhere", "", main)
}

fn whole(title: &str, brand: &str, main: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><header>{}</header><main>{main}</main></body></html>",
        escape(brand)
    )
}

fn open(main: &mut String, order: &Order, choice: &Choice, titles: &[String]) {
    main.push_str(&format!(
        "<p>We are sorry: {}.</p>",
        choice.reason.in_words()
    ));
    table(main, order, choice);
    main.push_str("<form method=\"post\"><fieldset><legend>What shall we do?</legend>");
    for option in &choice.options {
        let (name, hint) = words(order, choice, titles, *option);
        let value = option.as_str();
        main.push_str(&format!(
            "<label><input type=\"radio\" name=\"option\" value=\"{value}\" required><b>{name}</b><span>{hint}</span></label>"
        ));
    }
    main.push_str("</fieldset><button>Confirm the choice</button></form>");
    main.push_str(&format!(
        "<p class=\"note\">Please choose by {}. If we do not hear from you: {}</p>",
        moment(choice.deadline),
        outcome(order, choice, choice.default)
    ));
}

/// What comes when: as it was promised, and as it is now.
fn table(main: &mut String, order: &Order, choice: &Choice) {
    let promises = line_promises(order);
    main.push_str(
        "<table><caption>What it is about</caption><thead><tr><th class=\"n\">Units</th><th>Item</th>\
         <th>Promised by</th><th>Now expected by</th></tr></thead><tbody>",
    );
    for units in &choice.lines {
        let position = order
            .placed
            .lines
            .iter()
            .position(|line| line.no == units.line);
        let Some(position) = position else { continue };
        let (line, progress) = (
            &order.placed.lines[position],
            &order.progress.lines[position],
        );
        let before = progress.first_promise.unwrap_or(choice.before);
        let now = if line.quantity == 0 {
            None
        } else {
            promises[position]
        };
        main.push_str(&format!(
            "<tr><td class=\"n\">{}</td><td>{}</td><td class=\"was\">{}</td><td class=\"is\">{}</td></tr>",
            units.quantity,
            escape(&line.title),
            due(Some(before)).unwrap_or_else(|| "–".to_owned()),
            due(now).unwrap_or_else(|| if line.quantity == 0 { "–" } else { "not known yet" }.to_owned()),
        ));
    }
    main.push_str("</tbody></table>");
}

/// An option, and what it means.
fn words(order: &Order, choice: &Choice, titles: &[String], option: Chosen) -> (String, String) {
    match option {
        Chosen::Wait => ("Wait".to_owned(), outcome(order, choice, option)),
        Chosen::Split => (
            "Send what is there now".to_owned(),
            outcome(order, choice, option),
        ),
        Chosen::Substitute => {
            let titles: Vec<String> = titles.iter().map(|title| escape(title)).collect();
            let name = format!("Take {} instead", titles.join(", "));
            (name, outcome(order, choice, option))
        }
        Chosen::Refund => (
            "Cancel these items".to_owned(),
            outcome(order, choice, option),
        ),
    }
}

/// What becomes of an option, as a sentence.
fn outcome(order: &Order, choice: &Choice, option: Chosen) -> String {
    match option {
        Chosen::Wait => match latest(order, choice) {
            Some(promised) if promised.keeps_on.is_some() => format!(
                "Your items are sent as soon as they are there, and are with you by {}.",
                due(Some(promised)).unwrap_or_default()
            ),
            Some(promised) => format!(
                "Your items are sent as soon as they are there: on {}, as far as we know.",
                promised.ships_on.map(day).unwrap_or_default()
            ),
            None => "Your items are sent as soon as they are there; we do not know the day yet."
                .to_owned(),
        },
        Chosen::Split => {
            "What is there is sent at once, the rest as soon as it is there. You pay nothing more."
                .to_owned()
        }
        Chosen::Substitute => {
            "It is sent at once, and costs you what you ordered before.".to_owned()
        }
        Chosen::Refund if totals(order).paid_minor > 0 => {
            "They are taken out of your order, and what you paid for them is returned.".to_owned()
        }
        Chosen::Refund => {
            "They are taken out of your order, and you do not pay for them.".to_owned()
        }
    }
}

fn chosen(order: &Order, choice: &Choice, made: ChoiceMade) -> String {
    if made.by == By::Recovery {
        return "There is nothing to choose any more: what this was about comes in time after all, or is settled.".to_owned();
    }
    let who = match made.by {
        By::Customer => "You chose",
        By::Staff => "We chose with you",
        By::Deadline | By::Recovery => "We did not hear from you in time, so we chose",
    };
    let what = match made.chosen {
        Chosen::Refund if order.progress.cancelled.is_some() => "to have your order cancelled",
        other => other.in_words(),
    };
    let sentence = match made.chosen {
        Chosen::Refund if totals(order).paid_minor > 0 => {
            "What you paid for them is returned.".to_owned()
        }
        Chosen::Refund => String::new(),
        other => outcome(order, choice, other),
    };
    format!("{who} {what} on {}. {sentence}", moment(made.at))
}

/// What is promised now of all units of the choice.
fn latest(order: &Order, choice: &Choice) -> Option<Promised> {
    let told = line_promises(order);
    let of = |units: &LineUnits| {
        let at = order
            .placed
            .lines
            .iter()
            .position(|line: &Line| line.no == units.line)?;
        told[at]
    };
    let all: Option<Vec<Promised>> = choice.lines.iter().map(of).collect();
    let all = all?.into_iter().reduce(Promised::and);
    all.filter(|all| all.due_on().is_some())
}

fn due(promised: Option<Promised>) -> Option<String> {
    let promised = promised?;
    let leaves = || {
        promised
            .ships_on
            .map(|leaves| format!("leaves {}", day(leaves)))
    };
    promised.keeps_on.map(day).or_else(leaves)
}

fn day(day: Date) -> String {
    let written = day.strftime("%-d %B %Y");
    format!("<time datetime=\"{day}\">{written}</time>")
}

fn moment(at: Millis) -> String {
    let at = at.timestamp();
    let written = at.strftime("%-d %B %Y, %H:%M UTC");
    format!("<time datetime=\"{at}\">{written}</time>")
}
