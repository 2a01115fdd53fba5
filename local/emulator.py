"""
Runs MiniStack for the local cloud: state is always written on SIGTERM, web pages are kept out, loopback is as good
as TLS, events wait for their turn, and what is not as on AWS with errors, tasks and permissions is mended.
"""

import asyncio.base_events
import contextvars
import datetime
import email.utils
import functools
import itertools
import os
import runpy
import threading
import time
import uuid

import hypercorn.asyncio
import hypercorn.config
from ministack.core import iam_actions, iam_evaluator, lambda_runtime, router
from ministack.core.responses import error_response_json, get_account_id, json_response
from ministack.services import (
    cognito,
    elasticache,
    lambda_svc,
    rds_data,
    secretsmanager,
    ses,
    ses_v2,
    sqs,
    stepfunctions,
)

# Taken out of the environment, which every function inherits.
DOOR_TOKEN = os.environ.pop("GALLERY_DOOR_TOKEN", "").encode()
DOOR_HEADER = b"x-gallery-door"
# Browsers send one of these with whatever a page of another origin asks for.
PAGE_HEADERS = {b"origin", b"sec-fetch-site"}


async def _wait_closed(_server):
    """From Python 3.12 on this waits for the last connection: with a WebSocket or a long poll open, for ever."""


asyncio.base_events.Server.wait_closed = _wait_closed

# Seconds that requests under way get to finish before the state is written.
hypercorn.config.Config.graceful_timeout = 0.5


# The name of a cache whose token is to be verified.
CACHE_HEADER = b"x-gallery-cache"


def _as_token(scope, cache):
    """What a client shows a cache for a password is signed as a GET of an address whose host is the cache's name."""
    return {**scope, "method": "GET", "headers": [(b"host", cache)]}


def _without_body(receive):
    async def received():
        return {**await receive(), "body": b""}

    return received


def _for_door_and_programs(app):
    """Refuses what pages send here directly: only the front door knows which of it is harmless."""

    async def guarded(scope, receive, send):
        headers = scope.get("headers", [])
        is_door = any(name == DOOR_HEADER and DOOR_TOKEN and value == DOOR_TOKEN for name, value in headers)
        is_page = any(name in PAGE_HEADERS for name, _ in headers)
        if is_page and not is_door:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b"Ask the front door."})
            return
        if "headers" in scope:
            scope = {**scope, "headers": [pair for pair in headers if pair[0] != DOOR_HEADER]}
        cache = dict(headers).get(CACHE_HEADER)
        if is_door and cache:
            scope, receive = _as_token(scope, cache), _without_body(receive)
        await app(scope, receive, send)

    return guarded


_serve = hypercorn.asyncio.serve
hypercorn.asyncio.serve = lambda app, *rest, **named: _serve(_for_door_and_programs(app), *rest, **named)

_pin_request_origin = iam_evaluator.pin_request_origin
# Policies that ask for `aws:SecureTransport`, as on AWS, would otherwise deny everything that comes over loopback,
# and what a service delivers in its own name outside of any request.
iam_evaluator.pin_request_origin = lambda source_ip, _secure: _pin_request_origin(source_ip, True)
iam_evaluator._request_origin = contextvars.ContextVar("request_origin", default=("127.0.0.1", True))

# How many functions work off events at once. Each is a process: a burst of events would start hundreds, where AWS, too,
# keeps what is above the account's concurrency until there is room.
_turns = threading.BoundedSemaphore(max(4, 2 * (os.cpu_count() or 1)))
_is_event = contextvars.ContextVar("is_event", default=False)
_invoke_async = lambda_svc.invoke_async_with_retry
_execute = lambda_svc._execute_function


def _invoke_in_turn(*args, **named):
    token = _is_event.set(True)
    try:
        # It runs in a thread of its own, with a copy of this context.
        _invoke_async(*args, **named)
    finally:
        _is_event.reset(token)


def _execute_in_turn(*args, **named):
    if not _is_event.get():
        return _refused_by_trigger(_execute(*args, **named))
    with _turns:
        return _execute(*args, **named)


lambda_svc.invoke_async_with_retry = _invoke_in_turn
lambda_svc._execute_function = _execute_in_turn


def _with(values, work, *args, **named):
    """Does the work with other values of context variables."""
    context = contextvars.copy_context()
    for variable, value in values.items():
        context.run(variable.set, value)
    return context.run(work, *args, **named)


def _replaced(text, old, new):
    if text.count(old) != 1:
        raise RuntimeError(f"MiniStack has changed: no single {old!r} in its Node.js worker. Mend local/emulator.py.")
    return text.replace(old, new)


# The worker tells what was thrown as Lambda's runtime does: `Retry` and `Catch` of Step Functions go by its name.
_worker = lambda_runtime._NODEJS_WORKER_SCRIPT
_worker = _replaced(_worker, "error: String(err.message || err), trace: err.stack || \"\"", "..._thrown(err)")
_worker = _replaced(_worker, "error: e.message, trace: e.stack", "..._thrown(e)")
lambda_runtime._NODEJS_WORKER_SCRIPT = (
    """
const _thrown = (error) => error instanceof Error || typeof error?.message === "string"
  ? { error: String(error.message), type: String(error.name || "Error"), trace: String(error.stack || "") }
  : { error: String(error), type: typeof error, trace: "" };
"""
    + _worker
)


class _Thrown(str):
    """The message of an error, which is all that MiniStack passes on, with the rest of what the worker told."""


_invoke_worker = lambda_runtime.Worker.invoke
_execute_warm = lambda_svc._execute_function_warm


def _invoke_and_note(*args, **named):
    result = _invoke_worker(*args, **named)
    if "type" in result:
        message = result["error"] = _Thrown(result["error"])
        message.payload = {
            "errorType": result["type"],
            "errorMessage": str(message),
            "trace": result["trace"].split("\n"),
        }
    return result


def _execute_and_name(*args, **named):
    result = _execute_warm(*args, **named)
    message = result["body"].get("errorMessage") if result.get("error") else None
    return {**result, "body": message.payload} if isinstance(message, _Thrown) else result


lambda_runtime.Worker.invoke = _invoke_and_note
lambda_svc._execute_function_warm = _execute_and_name

_trigger = contextvars.ContextVar("trigger", default=None)
_run_idp_handler = cognito._run_idp_handler


class _TriggerFailed(Exception):
    pass


def _refused_by_trigger(result):
    """What a user pool's trigger throws is told to the client, and nothing else."""
    if _trigger.get() and result.get("error"):
        raise _TriggerFailed(f"{_trigger.get()} failed with error {result['body'].get('errorMessage')}.")
    return result


def _as_trigger(name, invoke):
    return lambda *args, **named: _with({_trigger: name}, invoke, *args, **named)


def _run_idp_or_refuse(*args):
    try:
        return _run_idp_handler(*args)
    except _TriggerFailed as refusal:
        return error_response_json("UserLambdaValidationException", str(refusal), 400)


_extract_trigger_response = cognito._extract_trigger_response


def _with_groups_where_they_count(payload):
    """A trigger overrides groups once for all tokens; MiniStack looks for that in the part of each."""
    response = _extract_trigger_response(payload)
    details = (response or {}).get("claimsAndScopeOverrideDetails") or {}
    groups = details.get("groupOverrideDetails")
    for part in ("idTokenGeneration", "accessTokenGeneration") if groups else ():
        details[part] = {**(details.get(part) or {}), "groupOverrideDetails": groups}
    return response


cognito._extract_trigger_response = _with_groups_where_they_count
# A pool's own pages, which a sign-in with another provider leads back to, are at the front door.
cognito._pool_domain_base_url = lambda _pool: os.environ["AWS_ENDPOINT_URL"]

cognito._apply_presignup_trigger = _as_trigger("PreSignUp", cognito._apply_presignup_trigger)
cognito._apply_pretoken_trigger = _as_trigger("PreTokenGeneration", cognito._apply_pretoken_trigger)
cognito._run_idp_handler = _run_idp_or_refuse

# The state machine of each task's token. They stay: who uses one late is to hear so, not that it is forbidden.
_machines = {}
_machine = contextvars.ContextVar("machine", default="*")
_waiting = contextvars.ContextVar("waiting", default=None)
_execute_task = stepfunctions._execute_task
_invoke_with_callback = stepfunctions._invoke_with_callback
_call_lambda = stepfunctions._call_lambda


def _execute_task_of_machine(state, data, execution, context):
    values = {_machine: context["StateMachine"]["Id"], _waiting: None}
    return _with(values, _execute_task, state, data, execution, context)


def _fail(task_token, error, cause):
    task = stepfunctions._task_tokens[task_token]
    task["error"] = {"Error": error, "Cause": cause}
    task["event"].set()


def _watch_heartbeat(task_token, seconds, ended):
    last = time.time()
    while not ended.wait(last + seconds - time.time()):
        beat = stepfunctions._task_tokens[task_token]["heartbeat"]
        if beat:
            last = max(last, datetime.datetime.fromisoformat(beat.replace("Z", "+00:00")).timestamp())
        if time.time() >= last + seconds:
            return _fail(task_token, "States.HeartbeatTimeout", "")


def _invoke_and_wait(resource, data, task_token, state):
    """MiniStack itself waits on without heartbeats."""
    _machines[task_token] = _machine.get()
    seconds = state.get("HeartbeatSeconds")
    ended = threading.Event()
    if isinstance(seconds, int):
        watch = functools.partial(contextvars.copy_context().run, _watch_heartbeat, task_token, seconds, ended)
        threading.Thread(target=watch, daemon=True).start()
    try:
        return _with({_waiting: task_token}, _invoke_with_callback, resource, data, task_token, state)
    finally:
        ended.set()


def _call_lambda_of_task(*args):
    """MiniStack itself waits for a token also when the function it was given to has failed."""
    try:
        return _call_lambda(*args)
    except stepfunctions._ExecutionError as error:
        if _waiting.get():
            _fail(_waiting.get(), error.error, error.cause)
        raise


stepfunctions._execute_task = _execute_task_of_machine
stepfunctions._invoke_with_callback = _invoke_and_wait
stepfunctions._call_lambda = _call_lambda_of_task

_resource_arn = iam_actions.extract_resource_arn


def _sender_arn(body, region, account):
    """SES authorises on an identity: that of the address if there is one, otherwise that of its domain."""
    _, address = email.utils.parseaddr(str(iam_actions._safe_json_field(body, "FromEmailAddress")))
    domain = address.rpartition("@")[2].lower()
    stores = (ses._identities, ses_v2._identities)
    known = {name for store in stores for name, _ in store.items_scoped(account, region)}
    domains = {name.lower(): name for name in known if "@" not in name}
    names = [address, *(domains.get(parent) for parent in ses._domain_and_parents(domain))]
    identity = next((name for name in names if name in known), domain)
    return f"arn:aws:ses:{region}:{account}:identity/{identity}"


def _mended_resource_arn(service, method, path, headers, body, query, region, account):
    if service == "states" and ".SendTask" in headers.get("x-amz-target", ""):
        return _machines.get(str(iam_actions._safe_json_field(body, "taskToken")), "*")
    if service == "ses" and method == "POST" and path == "/v2/email/outbound-emails":
        return _sender_arn(body, region, account)
    if service == "elasticache" and _is_token(query):
        return f"arn:aws:elasticache:{region}:{account}:serverlesscache:{headers['host']}"
    return _resource_arn(service, method, path, headers, body, query, region, account)


iam_actions.extract_resource_arn = _mended_resource_arn

# Who may do it to one may do it to several at once: AWS has no actions for batches of these.
_single = {
    f"{action}Batch": action
    for action in ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:SendMessage", "sns:Publish")
}
_iam_action = iam_actions.extract_iam_action


def _action_of_one(*args, **named):
    action = _iam_action(*args, **named)
    return _single.get(action, action)


iam_actions.extract_iam_action = _action_of_one

_handle_secrets = secretsmanager.handle_request


async def _handle_secrets_or_cancel(method, path, headers, body, query):
    """MiniStack begins rotations and cannot end them."""
    if not headers.get("x-amz-target", "").endswith(".CancelRotateSecret"):
        return await _handle_secrets(method, path, headers, body, query)
    _, secret = secretsmanager._resolve(str(iam_actions._safe_json_field(body, "SecretId")))
    if not secret:
        message = "Secrets Manager can't find the specified secret."
        return error_response_json("ResourceNotFoundException", message, 400)
    secret["RotationEnabled"] = False
    return json_response({"ARN": secret["ARN"], "Name": secret["Name"]})


secretsmanager.handle_request = _handle_secrets_or_cancel

# The key of a managed secret whose cluster names none, which everybody who may read the secret may use.
_OWN_KEY = "/aws-secretsmanager-default"


def _refused_key(headers, query, secret_arn, key_arn):
    """Secrets Manager decrypts in the caller's name; MiniStack does not ask whether the caller may."""
    region = router.extract_region(headers, query)
    context = {
        "kms:EncryptionContext:SecretARN": secret_arn,
        "kms:ViaService": f"secretsmanager.{region}.amazonaws.com",
    }
    caller = router.extract_access_key_id(headers, query)
    decrypt = ("kms:Decrypt", "kms", region, key_arn, context)
    return key_arn and not key_arn.endswith(_OWN_KEY) and iam_evaluator.enforce(caller, *decrypt)


async def _describe_sql(_method, _path, headers, body, query):
    """
    Answers a call of the Data API, which is authorised by now, with what the front door needs to know to do it: the
    cluster, and whether the secret opens it. The Data API reads the secret in the caller's name.
    """
    from ministack import app
    from ministack.services import rds

    given = str(iam_actions._safe_json_field(body, "secretArn"))
    _, secret = secretsmanager._resolve(given, use_arn_scope=True)
    arn = secret["ARN"] if secret else given
    action = ("secretsmanager", "secretsmanager:GetSecretValue", headers, query, str(uuid.uuid4()))
    denied = app._enforce_data_plane(*action, resource_arn=arn, named_resource=arn)
    if denied:
        return denied
    resource = str(iam_actions._safe_json_field(body, "resourceArn"))
    cluster = rds._resolve_cluster(resource) if resource.startswith("arn:") else None
    managed = (cluster or {}).get("MasterUserSecret") or {}
    if managed.get("SecretArn") == arn and _refused_key(headers, query, arn, managed["KmsKeyId"]):
        return error_response_json("SecretsErrorException", "Access to KMS is not allowed", 400)
    answer = {}
    if cluster:
        answer["cluster"] = {
            "id": cluster["DBClusterIdentifier"],
            "resourceId": cluster["DbClusterResourceId"],
            "engine": cluster["Engine"],
            "database": cluster["DatabaseName"] or "postgres",
            "user": cluster["MasterUsername"],
            "httpEndpoint": cluster["HttpEndpointEnabled"],
            "instances": len(cluster["DBClusterMembers"]),
        }
    if secret and not secret.get("DeletedDate"):
        credentials = rds_data._credentials_from_secret(secret)
        opens = cluster and credentials == (cluster["MasterUsername"], cluster["_MasterUserPassword"])
        answer["secret"] = {"user": credentials[0], "opens": bool(opens)}
    return json_response(answer)


rds_data.handle_request = _describe_sql

_handle_caches = elasticache.handle_request
_detect_service = router.detect_service


def _is_token(query):
    return query.get("Action") == ["connect"] and query.get("ResourceType") == ["ServerlessCache"]


def _detect_caches(method, path, headers, query):
    """MiniStack takes whatever is signed in its address for a call of S3."""
    return "elasticache" if _is_token(query) else _detect_service(method, path, headers, query)


router.detect_service = _detect_caches


async def _handle_caches_or_token(method, path, headers, body, query):
    """Who comes this far with a token may connect to the cache; as its user only by a right on the user too."""
    if not _is_token(query):
        return await _handle_caches(method, path, headers, body, query)
    key, region = router.extract_access_key_id(headers, query), router.extract_region(headers, query)
    user = f"arn:aws:elasticache:{region}:{get_account_id()}:user:{''.join(query.get('User', []))}"
    # Root's signature is never verified: anybody could have made it.
    if iam_evaluator.is_root_access_key(key) or iam_evaluator.enforce(
        key, "elasticache:Connect", "elasticache", region, resource_arn=user
    ):
        return error_response_json("AccessDenied", f"Not authorized to perform elasticache:Connect on {user}", 403)
    return json_response({})


elasticache.handle_request = _handle_caches_or_token

# MiniStack goes through all of a queue several times a message: with thousands waiting that takes seconds for each
# hundred. Below, a call takes about as long however many wait.
_collect_messages = sqs._collect_msgs
_sweep_to_dead_letters = sqs._dlq_sweep
_expire_messages = sqs._expire_retained
_expired_at = {}


def _visible_ones(queue, most):
    now = time.time()
    visible = (message for message in queue["messages"] if message.get("visible_at", 0) <= now)
    return list(itertools.islice(visible, most))


def _collect_first(queue, most, hidden_seconds):
    """Moves what was received too often to the dead letters when its turn comes, as AWS does."""
    if queue["is_fifo"]:
        _sweep_to_dead_letters(queue)
        return _collect_messages(queue, most, hidden_seconds)
    messages = _visible_ones(queue, most)
    if any(message.get("receive_count") for message in messages):
        _sweep_to_dead_letters(queue)
        messages = _visible_ones(queue, most)
    return _collect_messages({**queue, "messages": messages}, most, hidden_seconds)


def _expire_once_a_second(queue):
    arn, now = queue["attributes"].get("QueueArn"), time.monotonic()
    if now - _expired_at.get(arn, 0) >= 1:
        _expired_at[arn] = now
        _expire_messages(queue)


def _delete_at_once(data, url):
    queue, entries = sqs._get_q(data.get("QueueUrl", url), "sqs:DeleteMessage"), data.get("Entries", [])
    sqs._validate_batch_entries(entries, "DeleteMessageBatchRequestEntry")
    given = {entry.get("ReceiptHandle") for entry in entries} - {None}
    found = {receipt for message in queue["messages"] if (receipt := message.get("receipt_handle")) in given}
    queue["messages"] = [message for message in queue["messages"] if message.get("receipt_handle") not in found]
    failure = {"Code": "ReceiptHandleIsInvalid", "Message": "The input receipt handle is invalid.", "SenderFault": True}
    failed = [entry["Id"] for entry in entries if entry.get("ReceiptHandle") not in found]
    return {
        "Successful": [{"Id": entry["Id"]} for entry in entries if entry["Id"] not in failed],
        "Failed": [{"Id": name, **failure} for name in failed],
    }


sqs._collect_msgs = _collect_first
sqs._dlq_sweep = lambda _queue: None
sqs._expire_retained = _expire_once_a_second
sqs._HANDLERS["DeleteMessageBatch"] = _delete_at_once

runpy.run_module("ministack", run_name="__main__")
