const SLICE_BYTES = 512 * 1024;

/**
 * Fetches one slice from the origin and answers when it is there to its last byte: 206, 404, 416 with the file's size,
 * 502 when the origin is dead or answers nonsense, 504 when it takes too long.
 */
async function fetchWhole(r) {
  const reply = await r.subrequest(`/origin${r.uri}`, { method: 'GET' });
  const body = reply.responseBuffer;
  const size = body ? body.length : 0;
  // Of any other status the body is a text about it.
  if (reply.status === 206) r.variables.fetched_bytes = String(size);
  const contentRange = String(reply.headersOut['Content-Range']);
  if (reply.status === 404 || reply.status === 504) {
    r.return(reply.status);
    return;
  }
  if (reply.status === 416 && /^bytes \*\/\d+$/.test(contentRange)) {
    r.headersOut['Content-Range'] = contentRange;
    r.headersOut['Content-Type'] = 'text/plain; charset=utf-8';
    r.return(416, 'There are no such bytes.\n');
    return;
  }
  if (
    reply.status !== 206 ||
    !isWhole(String(r.headersIn.Range), contentRange, size) ||
    !reply.headersOut.ETag
  ) {
    r.error(
      `the origin answered ${r.uri} ${r.headersIn.Range} with ${reply.status}, ${contentRange}, ${size} bytes`,
    );
    r.return(502);
    return;
  }
  ['Content-Type', 'Content-Range', 'ETag', 'Last-Modified'].forEach((name) => {
    r.headersOut[name] = reply.headersOut[name];
  });
  r.return(206, body);
}

/** Whether those are all the bytes that were asked for, or all that there are from there to the end of the file. */
function isWhole(range, contentRange, size) {
  const asked = /^bytes=(\d+)-(\d+)$/.exec(range);
  const told = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange);
  if (!asked || !told) return false;
  const last = Math.min(Number(asked[2]), Number(told[3]) - 1);
  return (
    Number(told[1]) === Number(asked[1]) && Number(told[2]) === last && size === last - Number(told[1]) + 1
  );
}

/**
 * Of an answer of the origin, before its body is read.
 * @throws Error for more than a slice, which ends the request
 */
function expectSlice(r) {
  if (r.status === 200 || Number(r.headersOut['Content-Length']) > SLICE_BYTES) {
    throw new Error(
      `the origin answered ${r.uri} with ${r.status} and ${r.headersOut['Content-Length']} bytes`,
    );
  }
}

export default { fetchWhole, expectSlice };
