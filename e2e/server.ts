/** Runs the built binary for a test, on a free port with a data folder of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const binary = process.env['SCROLLKEEPER_BIN'] ?? resolve(import.meta.dirname, '../bin/scrollkeeper');

export const owner = { name: 'Ines Calder', email: 'ines@example.org', password: 'correct horse battery' };

export class Server {
  origin = '';
  setupUrl = '';
  readonly data: string;
  readonly flags: string[];
  readonly log: string[] = [];
  private process: ChildProcess | undefined;
  private port = 0;

  private constructor(data: string, flags: string[]) {
    this.data = data;
    this.flags = flags;
  }

  static async start(...flags: string[]): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'scrollkeeper-e2e-')), flags);
    await server.restart();
    return server;
  }

  /** Another node on the database and the files of `host`, which must outlive it. */
  static async beside(host: Server): Promise<Server> {
    const socket = new URLSearchParams({ host: join(host.data, 'postgres'), port: '5432', sslmode: 'disable' });
    const node = new Server(host.data, ['--database-url', `postgres://scrollkeeper@/scrollkeeper?${socket.toString()}`]);
    await node.restart();
    return node;
  }

  /** Starts the binary again over the same data, on the same port. */
  async restart(): Promise<void> {
    const args = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, ...this.flags];
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    createInterface({ input: child.stderr }).on('line', (l) => this.log.push(l));
    await new Promise<void>((done, fail) => {
      child.once('exit', (code) => fail(new Error(`the server ended with ${code}:\n${this.log.slice(-20).join('\n')}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.log.push(line);
        const url = /https?:\/\/\S+/.exec(line)?.[0];
        if (!url) return;
        this.origin = new URL(url).origin;
        this.port = Number(new URL(url).port);
        if (url.includes('/setup#')) this.setupUrl = url;
      });
      // Ready is what the probe says, not what is printed.
      const poll = async (): Promise<void> => {
        while (child.exitCode === null) {
          if (this.origin && (await fetch(`${this.origin}/readyz`).catch(() => undefined))?.ok) return done();
          await new Promise((r) => setTimeout(r, 50));
        }
      };
      void poll();
    });
  }

  /** Ends the process as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Kills the built-in PostgreSQL alone. */
  async killDatabase(): Promise<void> {
    const [pid] = (await readFile(join(this.data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }

  /** Runs another command of the binary over this server's data. */
  async run(command: string[], input?: string): Promise<{ stdout: string; stderr: string; code: number }> {
    const call = promisify(execFile)(binary, command, { maxBuffer: 64 << 20 });
    call.child.stdin?.end(input ?? '');
    return call.then(
      (r) => ({ ...r, code: 0 }),
      (e: { stdout: string; stderr: string; code: number }) => e,
    );
  }

  /** Creates the first account, by the command line. */
  async createOwner(): Promise<void> {
    await this.createUser(owner);
  }

  async createUser(person: { name: string; email: string; password: string }): Promise<void> {
    const r = await this.run(
      ['user', 'create', '--data', this.data, '--email', person.email, '--name', person.name, '--password-stdin'],
      person.password + '\n',
    );
    if (r.code !== 0) throw new Error(`user create: ${r.stderr}`);
  }

  async token(email = owner.email): Promise<string> {
    const r = await this.run(['token', 'create', '--data', this.data, '--email', email]);
    if (r.code !== 0) throw new Error(`token create: ${r.stderr}`);
    return r.stdout.trim();
  }

  /** Calls the JSON API with a token. */
  async api<T>(token: string, path: string, init: RequestInit = {}): Promise<T> {
    const response = await fetch(this.origin + path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
    });
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** Fails unless everything that was acknowledged is there, once. */
  async verify(): Promise<void> {
    const r = await this.run(['verify', '--data', this.data]);
    if (r.code !== 0) throw new Error(`verify found something:\n${r.stdout}\n${r.stderr}`);
  }

  /** Stops the server and removes its data. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}
