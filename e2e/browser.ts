/** A Chromium of its own, with a profile that outlives it, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { type Browser, chromium, type Page } from '@playwright/test';

import { launchOptions } from './playwright.config.ts';

export class KillableBrowser {
  private readonly profile: string;
  private process: ChildProcess | undefined;
  private browser: Browser | undefined;

  private constructor(profile: string) {
    this.profile = profile;
  }

  static async create(): Promise<KillableBrowser> {
    return new KillableBrowser(await mkdtemp(join(tmpdir(), 'scrollkeeper-profile-')));
  }

  /** Starts Chromium over the profile and returns its page. */
  async open(): Promise<Page> {
    const child = spawn(
      launchOptions.executablePath,
      [...launchOptions.args, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${this.profile}`, '--window-size=1440,900', 'about:blank'],
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    );
    this.process = child;
    const endpoint = await new Promise<string>((done, fail) => {
      child.once('exit', () => fail(new Error('Chromium did not start')));
      createInterface({ input: child.stderr }).on('line', (line) => {
        const found = /DevTools listening on (ws:\S+)/.exec(line);
        if (found?.[1]) done(found[1]);
      });
    });
    this.browser = await chromium.connectOverCDP(endpoint);
    const context = this.browser.contexts()[0];
    if (!context) throw new Error('Chromium has no window');
    return context.pages()[0] ?? context.newPage();
  }

  /** Kills the browser with all its processes, as a crash or a flat battery does. */
  async kill(): Promise<void> {
    const child = this.process;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
