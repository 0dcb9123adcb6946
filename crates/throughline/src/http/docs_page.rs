//! Writing the reference page as HTML.

use serde_json::Value;

use super::problem::CODES;

const STYLE: &str = include_str!("docs.css");

/// The whole page.
#[must_use]
pub(super) fn page(openapi: &[u8]) -> String {
    let document: Value = serde_json::from_slice(openapi).unwrap_or_default();
    let mut html = String::with_capacity(256 * 1024);
    let (title, version) = (
        text(&document["info"]["title"]),
        text(&document["info"]["version"]),
    );
    html.push_str("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.push_str("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    html.push_str(&format!(
        "<title>{title} API</title><style>{STYLE}</style></head><body>"
    ));
    html.push_str(&format!("<nav><h1>{title} <small>{version}</small></h1>"));
    for tag in list(&document["tags"]) {
        contents(&mut html, &document, tag);
    }
    html.push_str("<h2><a href=\"#schemas\">Schemas</a></h2><h2><a href=\"#codes\">Problem codes</a></h2></nav><main>");
    html.push_str(&format!(
        "<p>{}</p>",
        prose(&document["info"]["description"])
    ));
    html.push_str("<p>Send <code>Authorization: Bearer KEY</code>. The document: <a href=\"/openapi.json\">/openapi.json</a>.</p>");
    for tag in list(&document["tags"]) {
        html.push_str(&format!("<h2>{}</h2>", text(&tag["description"])));
        for (path, method, operation) in operations(&document, tag) {
            operation_section(&mut html, path, method, operation);
        }
    }
    schemas(&mut html, &document);
    codes(&mut html);
    html.push_str("</main></body></html>");
    html
}

fn contents(html: &mut String, document: &Value, tag: &Value) {
    html.push_str(&format!("<h2>{}</h2><ul>", text(&tag["name"])));
    for (path, method, operation) in operations(document, tag) {
        let id = text(&operation["operationId"]);
        html.push_str(&format!(
            "<li><a href=\"#{id}\"><b class=\"{method}\">{method}</b> {}</a></li>",
            escape(path)
        ));
    }
    html.push_str("</ul>");
}

fn operations<'a>(
    document: &'a Value,
    tag: &'a Value,
) -> impl Iterator<Item = (&'a str, &'a str, &'a Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    });
    all.filter(|(.., operation)| list(&operation["tags"]).any(|name| *name == tag["name"]))
}

fn operation_section(html: &mut String, path: &str, method: &str, operation: &Value) {
    let id = text(&operation["operationId"]);
    html.push_str(&format!(
        "<section id=\"{id}\"><h3><b class=\"{method}\">{method}</b> <code>{}</code></h3>",
        escape(path)
    ));
    html.push_str(&format!(
        "<p>{} {}</p>",
        prose(&operation["summary"]),
        prose(&operation["description"])
    ));
    if list(&operation["parameters"]).next().is_some() {
        html.push_str("<table><tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr>");
        for parameter in list(&operation["parameters"]) {
            row(
                html,
                &[
                    &text(&parameter["name"]),
                    &text(&parameter["in"]),
                    &kind(&parameter["schema"]),
                    &prose(&parameter["description"]),
                ],
            );
        }
        html.push_str("</table>");
    }
    for (media_type, content) in operation["requestBody"]["content"]
        .as_object()
        .into_iter()
        .flatten()
    {
        html.push_str(&format!(
            "<p>Body ({}): {}</p>",
            escape(media_type),
            kind(&content["schema"])
        ));
    }
    html.push_str("<table><tr><th>Status</th><th>Answer</th><th></th></tr>");
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let schema = response["content"]
            .as_object()
            .and_then(|content| content.values().next());
        let answer = schema
            .map(|content| kind(&content["schema"]))
            .unwrap_or_default();
        row(html, &[status, &answer, &prose(&response["description"])]);
    }
    html.push_str("</table></section>");
}

fn schemas(html: &mut String, document: &Value) {
    html.push_str("<h2 id=\"schemas\">Schemas</h2>");
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        html.push_str(&format!(
            "<section id=\"schema-{name}\"><h3>{name}</h3><p>{}</p>",
            prose(&schema["description"])
        ));
        let variants: Vec<String> = list(&schema["enum"]).map(text).collect();
        if !variants.is_empty() {
            html.push_str(&format!(
                "<p><code>{}</code></p>",
                variants.join("</code> <code>")
            ));
        }
        fields(html, schema);
        html.push_str("</section>");
    }
}

fn fields(html: &mut String, schema: &Value) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    html.push_str("<table><tr><th>Field</th><th>Type</th><th></th></tr>");
    for (name, property) in properties {
        let required = list(&schema["required"]).any(|required| *required == name.as_str());
        let name = if required {
            format!("<b>{name}</b>")
        } else {
            name.clone()
        };
        row(
            html,
            &[&name, &kind(property), &prose(&property["description"])],
        );
    }
    html.push_str("</table>");
}

fn codes(html: &mut String) {
    html.push_str("<h2>Problem codes</h2><table id=\"codes\"><tr><th>Code</th><th></th><th>Status and remedy</th></tr>");
    for (code, title, remedy) in CODES {
        html.push_str(&format!(
            "<tr id=\"{code}\"><td><code>{code}</code></td><td>{title}</td><td>{}</td></tr>",
            with_code(&escape(remedy))
        ));
    }
    html.push_str("</table>");
}

/// A type in words, with a link to its schema.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    {
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    let choices = list(&schema["oneOf"])
        .chain(list(&schema["anyOf"]))
        .map(kind)
        .collect::<Vec<_>>();
    if !choices.is_empty() {
        return choices.join(" or ");
    }
    let name = match &schema["type"] {
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        name => text(name),
    };
    match (schema["items"].is_object(), schema["format"].as_str()) {
        (true, _) => format!("{name} of {}", kind(&schema["items"])),
        (false, Some(format)) => format!("{name} ({format})"),
        (false, None) => name,
    }
}

fn row(html: &mut String, cells: &[&str]) {
    html.push_str("<tr>");
    cells
        .iter()
        .for_each(|cell| html.push_str(&format!("<td>{cell}</td>")));
    html.push_str("</tr>");
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

/// Sentences of the document.
fn prose(value: &Value) -> String {
    with_code(&text(value))
}

/// Backticks enclose code.
fn with_code(escaped: &str) -> String {
    let mut html = String::with_capacity(escaped.len());
    for (number, part) in escaped.split('`').enumerate() {
        match number % 2 {
            0 => html.push_str(part),
            _ => html.push_str(&format!("<code>{part}</code>")),
        }
    }
    html
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_operation_and_every_code() {
        let document = crate::http::openapi::document();
        let html = page(&crate::http::openapi::to_json(&document));
        for (_, path) in crate::http::openapi::operations(&document) {
            assert!(html.contains(&format!("<code>{path}</code>")), "{path}");
        }
        for (code, ..) in CODES {
            assert!(html.contains(&format!("id=\"{code}\"")), "{code}");
        }
        assert!(!html.contains("<script"), "the page works without scripts");
        assert!(!html.contains('`'), "code is shown as code");
    }
}
