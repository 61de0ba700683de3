//! What routes answer without their handlers: the refusals of layers and extractors, said here once for all of them.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder};

const PROBLEM: &str = "application/problem+json";

/// The description with those answers in it, and every problem under its own media type.
pub(super) fn complete(mut api: OpenApi) -> OpenApi {
    for item in api.paths.paths.values_mut() {
        for operation in operations(item) {
            add(operation);
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response {
                    retype(response);
                }
            }
        }
    }
    api
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let methods = [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ];
    methods.into_iter().flatten()
}

fn add(operation: &mut Operation) {
    let body = operation.request_body.is_some();
    let parameters = operation.parameters.as_ref().is_some_and(|all| !all.is_empty());
    let closed = operation.security.as_ref().is_some_and(|all| !all.is_empty());
    let answers = [
        (
            body || parameters,
            "400",
            "What was sent is not what it should be",
        ),
        (closed, "401", "Nobody known asks"),
        (closed, "403", "Not for who asks"),
        (body, "413", "`body_too_large`"),
        (body, "415", "`unsupported_media_type`"),
        (true, "503", "`request_timeout`, or the store cannot be used now"),
    ];
    for (may, status, description) in answers {
        let responses = &mut operation.responses.responses;
        let whole = format!("{}XX", &status[..1]);
        if may && !responses.contains_key(status) && !responses.contains_key(&whole) {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            let response = ResponseBuilder::new()
                .description(description)
                .content(PROBLEM, problem);
            responses.insert(status.to_owned(), response.build().into());
        }
    }
}

/// A problem is `application/problem+json` wherever a handler says only that it is one.
fn retype(response: &mut Response) {
    let is_problem = |content: &RefOr<Content>| {
        let text = serde_json::to_string(content).unwrap_or_default();
        text.contains("\"#/components/schemas/Problem\"")
    };
    if response.content.get("application/json").is_some_and(is_problem)
        && let Some(content) = response.content.shift_remove("application/json")
    {
        response.content.insert(PROBLEM.to_owned(), content);
    }
}
