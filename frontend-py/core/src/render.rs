//! Diagnostics as text: the source lines with the places marked, then notes and advice.
use annotate_snippets::{Annotation, AnnotationKind, Element, Level, Origin, Renderer, Snippet, renderer::DecorStyle};
use indexmap::IndexMap;
use numbra_dialects::{Diagnostic, Note, Severity, Span};
use std::{ops::Range, sync::Arc};

/// Finds the text of a file by the name that spans carry.
pub type Sources<'a> = &'a dyn Fn(&str) -> Option<Arc<str>>;

/// Reads files from disk; for diagnostics about files that are still where they were.
pub fn from_disk(file: &str) -> Option<Arc<str>> {
    std::fs::read_to_string(file).ok().map(Into::into)
}

/// Renders diagnostics one after the other, with a blank line between.
pub fn render(diagnostics: &[Diagnostic], sources: Sources, colour: bool) -> String {
    let parts: Vec<String> = diagnostics.iter().map(|d| one(d, sources, colour)).collect();
    parts.join("\n\n")
}

/// A mark under a part of a file.
struct Mark<'a> {
    kind: AnnotationKind,
    span: &'a Span,
    label: Option<&'a str>,
}

fn one(diagnostic: &Diagnostic, sources: Sources, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Remark => Level::NOTE,
    };
    let mut group = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name()).elements(Vec::<Element>::new());
    for (file, marks) in marks(diagnostic) {
        let text = sources(file);
        let ranges: Option<Vec<Range<usize>>> = text.as_ref().and_then(|t| marks.iter().map(|m| bytes(t, m.span)).collect());
        match text.zip(ranges) {
            Some((text, ranges)) => {
                let annotations = marks.iter().zip(ranges).map(|(mark, range)| mark.kind.span(range).label(mark.label));
                group = group.element(Snippet::<Annotation>::source(text.to_string()).path(file).annotations(annotations));
            }
            // Without the text, the place and the labels are all there is to show.
            None => {
                for mark in marks {
                    group = group.element(Origin::path(file).line(mark.span.start_line).char_column(mark.span.start_column));
                    group = group.elements(mark.label.map(|l| Level::NOTE.message(l)));
                }
            }
        }
    }
    for note in &diagnostic.notes {
        group = match note {
            Note::Label(..) => group,
            Note::Note(text) => group.element(Level::NOTE.message(text.as_str())),
            Note::Help(text) => group.element(Level::HELP.message(text.as_str())),
        };
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// The places of a diagnostic by file, that of the diagnostic itself first.
fn marks(diagnostic: &Diagnostic) -> IndexMap<&str, Vec<Mark<'_>>> {
    let mut files: IndexMap<&str, Vec<Mark>> = IndexMap::new();
    let mut labels: Vec<(&Span, &str)> = diagnostic.notes.iter().filter_map(|n| if let Note::Label(s, t) = n { Some((s, t.as_str())) } else { None }).collect();
    if let Some(span) = &diagnostic.span {
        let own = labels.iter().position(|(s, _)| *s == span).map(|i| labels.remove(i).1);
        files.entry(&span.file).or_default().push(Mark { kind: AnnotationKind::Primary, span, label: own });
    }
    for (span, label) in labels {
        files.entry(&span.file).or_default().push(Mark { kind: AnnotationKind::Context, span, label: Some(label) });
    }
    files
}

/// The bytes of a text that a span covers; `None` when the text has no such place.
fn bytes(text: &str, span: &Span) -> Option<Range<usize>> {
    let start = offset(text, span.start_line, span.start_column)?;
    let end = offset(text, span.end_line, span.end_column).unwrap_or(text.len());
    Some(start..end.max(start))
}

fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start = crate::source::line_start(text, line)?;
    let rest = text.get(start..)?;
    let line = rest.split('\n').next()?;
    let inside = line.char_indices().map(|(i, _)| i).chain([line.len()]).nth(column.saturating_sub(1))?;
    Some(start + inside)
}
