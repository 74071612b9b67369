import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from './find-free-port.ts';

const executable = process.env.NGINX_PATH ?? '/usr/sbin/nginx';
const moduleFolders = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/etc/nginx/modules'];
const modules = moduleFolders.find((folder) => existsSync(join(folder, 'ngx_http_js_module.so')));
const templates = fileURLToPath(new URL('../../../edge/nginx/', import.meta.url));

export interface TestNginxSettings {
  /** `edge`, the default, asks for signed URLs; `shield` for the secret of the origin. */
  readonly role?: 'edge' | 'shield';
  /** As in URL_SIGNING_KEYS; a shield needs none. */
  readonly signingKeys?: string;
  /** Of the origin, or of a shield in front of it. */
  readonly originUrl: string;
  readonly originSecret: string;
  /** Origins of pages whose scripts may read answers. */
  readonly allowedOrigins?: readonly string[];
  /** Until the origin's next byte. Default 10,000. */
  readonly originTimeoutMs?: number;
  /** On disk, for audio; images have as much again. Default 1 GB. nginx keeps to it to within some seconds. */
  readonly cacheBytes?: number;
  /** What stays free on the disk of the cache. Default 1 MB. */
  readonly freeBytes?: number;
  /** Default 2. */
  readonly workers?: number;
}

/** An nginx of one test's own. */
export interface TestNginx {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** One line of JSON for each request; edge/nginx/access-log.md says what is in it. */
  readonly accessLog: string;
  /** What it wrote as errors so far: at its start, and of its workers. */
  readonly errors: () => string;
  /** Reads the changed configuration; what is under way ends by the old one. */
  reload(changes: Partial<TestNginxSettings>): Promise<void>;
  /** Goes on in a new file at `accessLog`, after the old one was renamed. */
  reopenLog(): void;
  /** It is gone at once, as by `kill -9` of all of it; what it has cached stays. */
  kill(): Promise<void>;
  /** After `kill`: the same one, with what it had. */
  start(): Promise<void>;
  /** Ends it and removes what it has written. */
  stop(): Promise<void>;
}

/** Whether there is an nginx with njs to test with; says what is skipped when not. Use it with `describe.skipIf(!…)`. */
export function hasNginx(what: string): boolean {
  const lacking = !existsSync(executable) ? executable : modules ? undefined : 'ngx_http_js_module.so';
  if (lacking)
    console.warn(`skipped: ${what}, because there is no ${lacking} (NGINX_PATH names another nginx)`);
  return lacking === undefined;
}

/**
 * Starts the edge of edge/nginx, or its shield, on a free port of the loopback, with a cache of its own in a temporary folder.
 * @returns null, having said so, when this machine has no nginx with njs
 */
export async function startTestNginx(settings: TestNginxSettings): Promise<TestNginx | null> {
  if (!modules || !hasNginx('what needs nginx')) return null;
  let current = settings;
  const port = await findFreePort();
  const nginx = await runNginx({
    config: `${settings.role ?? 'edge'}.conf`,
    port,
    workers: settings.workers ?? 2,
    render: (folder) => renderTemplates(current, folder, port),
  });
  return {
    ...nginx,
    async reload(changes) {
      current = { ...current, ...changes };
      await nginx.reload();
    },
  };
}

/**
 * Starts an nginx with that configuration alone, such as one without any of ours to measure beside it.
 * @param http the content of `http { … }`, given the port to listen on; relative paths lie in its own folder
 */
export async function startBareNginx({
  http,
  workers = 2,
}: {
  http: (port: number) => string;
  workers?: number;
}) {
  if (!hasNginx('what needs nginx')) return null;
  const port = await findFreePort();
  const config = `worker_processes ${workers}; pid run/nginx.pid; error_log stderr notice;
events { worker_connections 4096; }
http {
client_body_temp_path run/body; proxy_temp_path run/proxy;
fastcgi_temp_path run/fastcgi; uwsgi_temp_path run/uwsgi; scgi_temp_path run/scgi;
${http(port)}
}`;
  return runNginx({
    config: 'bare.conf',
    port,
    workers,
    render: async () => new Map([['bare.conf', config]]),
  });
}

/** As `envsubst` of nginx's official image does it: `${NAME}` of the variables that there are, everything else stays. */
async function renderTemplates(
  settings: TestNginxSettings,
  folder: string,
  port: number,
): Promise<ReadonlyMap<string, string>> {
  const variables: Readonly<Record<string, string | number>> = {
    HOST: '127.0.0.1',
    PORT: port,
    NGINX_PREFIX: folder,
    NGINX_FILES: templates,
    NGINX_MODULES: modules ?? '',
    NGINX_WORKERS: settings.workers ?? 2,
    URL_SIGNING_KEYS: settings.signingKeys ?? '',
    ORIGIN_ADDRESS: new URL(settings.originUrl).host,
    ORIGIN_SECRET: settings.originSecret,
    ORIGIN_TIMEOUT_MS: settings.originTimeoutMs ?? 10_000,
    CORS_ORIGINS: (settings.allowedOrigins ?? []).join(','),
    EDGE_CACHE_BYTES: settings.cacheBytes ?? 1_000_000_000,
    EDGE_IMAGE_CACHE_BYTES: settings.cacheBytes ?? 1_000_000_000,
    EDGE_FREE_BYTES: settings.freeBytes ?? 1_000_000,
  };
  const names = (await readdir(templates)).filter((name) => name.endsWith('.template'));
  const rendered = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(templates, name), 'utf8');
      const replaced = text.replace(/\$\{([A-Z_]+)\}/g, (whole, variable) =>
        String(variables[variable] ?? whole),
      );
      return [name.replace(/\.template$/, ''), replaced] as const;
    }),
  );
  return new Map(rendered);
}

interface Run {
  /** The main file among the rendered ones. */
  readonly config: string;
  readonly port: number;
  readonly workers: number;
  readonly render: (folder: string) => Promise<ReadonlyMap<string, string>>;
}

async function runNginx({ config, port, workers, render }: Run) {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  for (const name of ['cache', 'conf', 'log', 'run']) await mkdir(join(folder, name));
  let master: ChildProcess | null = null;
  let said = '';

  async function write(): Promise<void> {
    for (const [name, text] of await render(folder)) await writeFile(join(folder, 'conf', name), text);
  }

  async function start() {
    await write();
    // What was killed could not remove it, and it cannot be listened on again.
    await rm(join(folder, 'run', 'slices.sock'), { force: true });
    const root = process.getuid?.() === 0 ? 'user root; ' : '';
    const options = [
      '-p',
      folder,
      '-e',
      'stderr',
      '-c',
      join(folder, 'conf', config),
      '-g',
      `${root}daemon off;`,
    ];
    // A group of its own, so that workers can be killed with it.
    const started = spawn(executable, options, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    started.stderr.on('data', (data) => {
      said = (said + data).slice(-100_000);
    });
    await once(started, 'spawn');
    master = started;
    while (!(await listens(port))) {
      if (started.exitCode !== null) throw new Error(`nginx ended with ${started.exitCode}: ${said}`);
      await pause();
    }
  }

  const signalGroup = (signal: NodeJS.Signals) => {
    if (master?.pid && master.exitCode === null && master.signalCode === null)
      process.kill(-master.pid, signal);
  };

  async function kill(signal: NodeJS.Signals = 'SIGKILL') {
    if (!master) return;
    const exit = once(master, 'exit');
    signalGroup(signal);
    if (master.exitCode === null && master.signalCode === null) await exit;
    master = null;
  }

  async function stop() {
    await kill();
    await rm(folder, { recursive: true, force: true });
  }

  // A test run that is cut short leaves none behind.
  process.once('exit', () => signalGroup('SIGKILL'));

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    accessLog: join(folder, 'log', 'access.log'),
    errors: () => said,
    async reload() {
      await write();
      const before = said.length;
      master?.kill('SIGHUP');
      // From then on the old workers take no more connections.
      const left = () => said.slice(before).split('gracefully shutting down').length - 1;
      const deadline = Date.now() + 10_000;
      while (left() < workers) {
        if (/\[emerg\]/.test(said.slice(before)) || Date.now() > deadline)
          throw new Error(`nginx did not reload: ${said.slice(before)}`);
        await pause();
      }
    },
    reopenLog: () => void master?.kill('SIGUSR1'),
    kill: () => kill(),
    start,
    stop,
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
