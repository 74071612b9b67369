// Who may have what: the rules of packages/signed-url and of the embedded edge, in njs.
// biome-ignore lint/style/useNodejsImportProtocol: njs knows it by this name only
import crypto from 'crypto';

// One spelling only: nothing is rewritten before it is checked, so no two paths share a signature.
const audioPath =
  /^\/audio\/v1\/track_[0-9a-hjkmnp-tv-z]{26}\/(?:low|medium|normal|high|lossless)\.[a-z0-9]{2,5}$/;
const imagePath =
  /^\/images\/v1\/(?:artist|album|track|genre|user|playlist)_[0-7][0-9a-hjkmnp-tv-z]{25}\/(?:small|medium|large)\.jpg$/;
const tokenForm = /^v1\.([A-Za-z0-9_-]{1,32})\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

const MAX_LIFETIME_SECONDS = 7200;
const MIN_SECRET_BYTES = 32;

const refusals = {
  403: 'This link was not signed for what it asks for.',
  404: 'There is nothing here.',
  405: 'There is nothing to do here but to read.',
  410: 'This link has expired. Ask for a new one.',
  416: 'There are no such bytes.',
};

/** Of a node of the edge: a listener's URL must be signed, images are for everybody. */
async function admitListener(r) {
  const url = r.variables.request_uri;
  const path = url.split('?', 1)[0];
  describeForLog(r, path);
  allowPages(r);
  if (r.variables.kind === 'other') {
    refuse(r, 404);
    return;
  }
  if (r.method === 'OPTIONS') {
    r.headersOut.Allow = 'GET, HEAD, OPTIONS';
    r.headersOut['Access-Control-Allow-Methods'] = 'GET, HEAD, OPTIONS';
    r.headersOut['Access-Control-Allow-Headers'] =
      'Range, If-Range, If-None-Match, If-Match, If-Modified-Since';
    r.headersOut['Access-Control-Max-Age'] = '86400';
    r.return(204);
    return;
  }
  if (r.method !== 'GET' && r.method !== 'HEAD') {
    r.headersOut.Allow = 'GET, HEAD, OPTIONS';
    refuse(r, 405);
    return;
  }
  if (imagePath.test(path)) {
    r.variables.grant = 'public, max-age=31536000, immutable';
  } else if (audioPath.test(path)) {
    const status = checkToken(r, path, url);
    if (status !== 200) {
      refuse(r, status);
      return;
    }
  } else {
    refuse(r, 404);
    return;
  }
  r.variables.file = path;
  await sendWithinFile(r);
}

/** Each slice beyond the end would be a request of its own to the origin: one is only looked for where the first tells of it. */
async function sendWithinFile(r) {
  const start = Number(/^bytes=(\d+)/.exec(r.variables.slice_range)[1]);
  if (start === 0) {
    r.internalRedirect('@file');
    return;
  }
  const first = await r.subrequest('/first-slice', { method: 'HEAD' });
  const told = /\/(\d+)$/.exec(String(first.headersOut['Content-Range']));
  if (first.status !== 206 || !told) {
    r.internalRedirect(first.status === 404 ? '@missing' : first.status === 504 ? '@slow' : '@failed');
    return;
  }
  if (start < Number(told[1])) {
    r.internalRedirect('@file');
    return;
  }
  r.headersOut['Content-Range'] = `bytes */${told[1]}`;
  refuse(r, 416);
}

/** Of a shield: nodes of the edge show the secret, whatever they ask for. */
function admitNode(r) {
  const path = r.variables.request_uri;
  describeForLog(r, path);
  if (!sameText(String(r.headersIn['X-Origin-Secret']), r.variables.origin_secret)) {
    refuse(r, 403);
    return;
  }
  if (r.method !== 'GET' && r.method !== 'HEAD') {
    r.headersOut.Allow = 'GET, HEAD';
    refuse(r, 405);
    return;
  }
  if (!audioPath.test(path) && !imagePath.test(path)) {
    refuse(r, 404);
    return;
  }
  r.variables.file = path;
  r.internalRedirect('@file');
}

/** 200, 403 or 410; of a good token also until when and for whom. */
function checkToken(r, path, url) {
  // Exactly one parameter: what is not signed has no business in a signed URL.
  const query = url.slice(path.length);
  const token = query.startsWith('?t=') ? tokenForm.exec(query.slice(3)) : null;
  if (!token) return 403;
  const kid = token[1];
  const exp = token[2];
  const uid = token[3];
  const secret = findSecret(r.variables.url_signing_keys, kid);
  if (!secret) return 403;
  const signature = crypto
    .createHmac('sha256', secret)
    .update(`v1\n${kid}\n${exp}\n${uid}\n${path}`)
    .digest('base64url');
  if (!sameText(token[4], signature)) return 403;
  const secondsLeft = Number(exp) - Date.now() / 1000;
  if (secondsLeft <= 0) return 410;
  if (secondsLeft > MAX_LIFETIME_SECONDS) return 403;
  // The bytes never change, but a grant ends: no cache keeps them longer, and no shared one keeps them at all.
  r.variables.grant = `private, max-age=${Math.floor(secondsLeft)}, immutable`;
  r.variables.listener = uid;
  return 200;
}

/** @param keys `kid:base64url,kid2:base64url`, as in URL_SIGNING_KEYS */
function findSecret(keys, kid) {
  const entries = keys.split(',');
  for (let index = 0; index < entries.length; index += 1) {
    const parts = entries[index].trim().split(':');
    if (parts[0] !== kid) continue;
    const secret = Buffer.from(String(parts[1]), 'base64url');
    return secret.length < MIN_SECRET_BYTES ? null : secret;
  }
  return null;
}

// The texts are compared, not the bytes they decode to: four spellings of a signature decode alike. In a time that
// does not tell how much of it was right.
function sameText(left, right) {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) {
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  }
  return difference === 0;
}

/** A token may stand anywhere in a URL that was put together wrongly: of an unknown path only its beginning is logged. */
function describeForLog(r, path) {
  const beginning = /^\/(audio|images)\//.exec(path);
  if (beginning) r.variables.kind = beginning[1];
  if (audioPath.test(path) || imagePath.test(path)) r.variables.logged_path = path;
  else if (beginning) r.variables.logged_path = beginning[0];
}

/** Pages of the listed origins may read answers and their timing; others only get to play them. */
function allowPages(r) {
  const origin = r.headersIn.Origin;
  if (origin && r.variables.allowed_origins.split(',').some((allowed) => allowed.trim() === origin)) {
    r.variables.allowed_origin = origin;
    r.variables.exposed_headers = 'Content-Range, Accept-Ranges, Content-Length, ETag, X-Cache';
  }
}

function refuse(r, status) {
  r.headersOut['Content-Type'] = 'text/plain; charset=utf-8';
  r.return(status, `${refusals[status]}\n`);
}

export default { admitListener, admitNode };
