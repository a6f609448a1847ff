/**
 * Keyboard bindings. A screen registers what it can do; the last one to
 * register a key has it. `?` lists what is bound at the moment.
 *
 * Keys are written as shown to people: "j", "g l" (one after the other),
 * "Mod+K" (Ctrl, on a Mac ⌘), "Shift+Enter", "/", "F2", "Esc".
 */
import { useEffect, useRef } from 'react';

export interface Binding {
  keys: string;
  /** What it does, for the list. Not listed when left out. */
  label?: string;
  /** The heading in the list. */
  group?: string;
  run: (event: KeyboardEvent) => void;
  /** Works in text fields and over dialogs too. By default for Mod combinations. */
  everywhere?: boolean;
}

/** How long the second key of "g l" may take. */
const CHORD_MS = 1200;
const STORED = 'scrollkeeper.single-keys';

const named: Record<string, string> = { Escape: 'Esc', ' ': 'Space' };

/** The name of what was pressed, as bindings write it. */
export function pressed(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Mod');
  if (event.altKey) parts.push('Alt');
  const letter = event.key.length === 1 && event.key !== ' ';
  // Shift is in the character itself for "?", but not for a letter.
  if (event.shiftKey && (!letter || /\p{L}/u.test(event.key))) parts.push('Shift');
  let key = named[event.key] ?? event.key;
  if (letter) key = parts.length > 0 ? event.key.toUpperCase() : event.key.toLowerCase();
  return [...parts, key].join('+');
}

/** Whether letters typed here are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target.getAttribute('role') === 'textbox' || target.getAttribute('role') === 'combobox') return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'file', 'range'].includes(target.type);
}

/** A key that types or moves, as against a combination with Ctrl or Alt. */
const isPlain = (keys: string) => !/^(Mod|Alt)\+/.test(keys);
const isSingleCharacter = (keys: string) => keys.split(' ').every((k) => k.length === 1) || /^Shift\+.$/.test(keys);

export class KeyRegistry {
  private layers: Binding[][] = [];
  private chord = '';
  private chordAt = 0;
  /** Single characters can be switched off for people who speak to their machine. */
  singleKeys = true;

  add(bindings: Binding[]): () => void {
    const layer = [...bindings];
    this.layers.push(layer);
    return () => {
      this.layers = this.layers.filter((other) => other !== layer);
    };
  }

  /** What is bound now, hidden ones left out. */
  list(): Binding[] {
    const byKeys = new Map<string, Binding>();
    for (const layer of this.layers) for (const binding of layer) byKeys.set(binding.keys, binding);
    return [...byKeys.values()].filter((binding) => binding.label);
  }

  /** Runs what is bound; true when something was. `blocked`: a dialog is open. */
  handle(event: KeyboardEvent, options: { blocked: boolean; now: number }): boolean {
    if (event.defaultPrevented || event.isComposing) return false;
    const key = pressed(event);
    const typing = isTyping(event.target);
    const chorded = options.now - this.chordAt < CHORD_MS && this.chord ? `${this.chord} ${key}` : '';
    const binding = (chorded && this.find(chorded)) || this.find(key);
    this.chord = '';
    if (binding) {
      const everywhere = binding.everywhere ?? !isPlain(binding.keys);
      if (!everywhere && (typing || options.blocked)) return false;
      if (!this.singleKeys && isSingleCharacter(binding.keys)) return false;
      // Enter and Space belong to the button or link that has the focus.
      if ((key === 'Enter' || key === 'Space') && isActivatable(event.target)) return false;
      event.preventDefault();
      binding.run(event);
      return true;
    }
    if (!typing && !options.blocked && this.startsChord(key)) {
      this.chord = key;
      this.chordAt = options.now;
    }
    return false;
  }

  private find(keys: string): Binding | undefined {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const found = this.layers[i]?.find((binding) => binding.keys === keys);
      if (found) return found;
    }
    return undefined;
  }

  private startsChord(key: string): boolean {
    return this.layers.some((layer) => layer.some((binding) => binding.keys.startsWith(`${key} `)));
  }
}

function isActivatable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, [role=button], [role=menuitem], summary, input') !== null;
}

export const keyRegistry = new KeyRegistry();

/** Whether single characters do something; kept on this device. */
export function singleKeysOn(): boolean {
  return localStorage.getItem(STORED) !== 'off';
}

export function setSingleKeys(on: boolean): void {
  localStorage.setItem(STORED, on ? 'on' : 'off');
  keyRegistry.singleKeys = on;
}

/** Starts to listen; gives back the function that stops. Called once by the app. */
export function listenForKeys(): () => void {
  keyRegistry.singleKeys = singleKeysOn();
  let blocked = false;
  // Before anybody else: the key that closes a dialog would find it gone, and close
  // what lies under it too.
  const look = () => {
    blocked = document.querySelector('[aria-modal="true"], [role="menu"]:not([hidden])') !== null;
  };
  const onKeyDown = (event: KeyboardEvent) => keyRegistry.handle(event, { blocked, now: performance.now() });
  window.addEventListener('keydown', look, { capture: true });
  window.addEventListener('keydown', onKeyDown);
  return () => {
    window.removeEventListener('keydown', look, { capture: true });
    window.removeEventListener('keydown', onKeyDown);
  };
}

/** Binds keys while the component is there. The newest `run` is the one called. */
export function useKeys(bindings: Binding[], enabled = true): void {
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  const shape = bindings.map((b) => `${b.keys}\u0000${b.label ?? ''}\u0000${b.group ?? ''}\u0000${b.everywhere ?? ''}`).join('\u0001');
  useEffect(() => {
    if (!enabled) return undefined;
    return keyRegistry.add(
      current.current.map((binding, i) => ({
        ...binding,
        run: (event: KeyboardEvent) => current.current[i]?.run(event),
      })),
    );
  }, [shape, enabled]);
}
