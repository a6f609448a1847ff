import { describe, expect, it, vi } from 'vitest';
import { KeyRegistry, pressed } from './keys';

function press(registry: KeyRegistry, init: KeyboardEventInit, options: { on?: HTMLElement; blocked?: boolean; now?: number } = {}) {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  Object.defineProperty(event, 'target', { value: options.on ?? document.body });
  return registry.handle(event, { blocked: options.blocked ?? false, now: options.now ?? 0 });
}

describe('the name of a key', () => {
  it.each([
    [{ key: 'j' }, 'j'],
    [{ key: 'k', ctrlKey: true }, 'Mod+K'],
    [{ key: 'k', metaKey: true }, 'Mod+K'],
    [{ key: '?', shiftKey: true }, '?'],
    [{ key: 'R', shiftKey: true }, 'Shift+R'],
    [{ key: 'ArrowLeft', altKey: true }, 'Alt+ArrowLeft'],
    [{ key: 'Escape' }, 'Esc'],
  ])('%o is %s', (event, name) => {
    expect(pressed({ ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...event })).toBe(name);
  });
});

describe('the key registry', () => {
  it('leaves letters alone while one types', () => {
    const registry = new KeyRegistry();
    const run = vi.fn();
    registry.add([{ keys: 'j', run }]);
    expect(press(registry, { key: 'j' }, { on: document.createElement('input') })).toBe(false);
    expect(press(registry, { key: 'j' })).toBe(true);
    expect(run).toHaveBeenCalledOnce();
  });

  it('takes Ctrl combinations while one types', () => {
    const registry = new KeyRegistry();
    const run = vi.fn();
    registry.add([{ keys: 'Mod+K', run }]);
    expect(press(registry, { key: 'k', ctrlKey: true }, { on: document.createElement('textarea') })).toBe(true);
  });

  it('is quiet under an open dialog', () => {
    const registry = new KeyRegistry();
    registry.add([{ keys: 'x', run: vi.fn() }]);
    expect(press(registry, { key: 'x' }, { blocked: true })).toBe(false);
  });

  it('hears two keys one after the other, if they are quick', () => {
    const registry = new KeyRegistry();
    const go = vi.fn();
    registry.add([{ keys: 'g l', run: go }]);
    press(registry, { key: 'g' }, { now: 0 });
    press(registry, { key: 'l' }, { now: 500 });
    expect(go).toHaveBeenCalledOnce();
    press(registry, { key: 'g' }, { now: 1000 });
    press(registry, { key: 'l' }, { now: 5000 });
    expect(go).toHaveBeenCalledOnce();
  });

  it('gives a key to the last that asked, and back again', () => {
    const registry = new KeyRegistry();
    const below = vi.fn();
    const above = vi.fn();
    registry.add([{ keys: 'n', run: below }]);
    const remove = registry.add([{ keys: 'n', run: above }]);
    press(registry, { key: 'n' });
    remove();
    press(registry, { key: 'n' });
    expect(above).toHaveBeenCalledOnce();
    expect(below).toHaveBeenCalledOnce();
  });

  it('leaves Enter to a focused button', () => {
    const registry = new KeyRegistry();
    const run = vi.fn();
    registry.add([{ keys: 'Enter', run }]);
    expect(press(registry, { key: 'Enter' }, { on: document.createElement('button') })).toBe(false);
    expect(press(registry, { key: 'Enter' })).toBe(true);
  });

  it('switches single characters off and leaves the rest', () => {
    const registry = new KeyRegistry();
    registry.singleKeys = false;
    registry.add([
      { keys: 'j', run: vi.fn() },
      { keys: 'F2', run: vi.fn() },
    ]);
    expect(press(registry, { key: 'j' })).toBe(false);
    expect(press(registry, { key: 'F2' })).toBe(true);
  });

  it('lists what has a label, the newest of each key', () => {
    const registry = new KeyRegistry();
    registry.add([{ keys: 'n', label: 'old', run: vi.fn() }, { keys: 'q', run: vi.fn() }]);
    registry.add([{ keys: 'n', label: 'new', run: vi.fn() }]);
    expect(registry.list().map((b) => b.label)).toEqual(['new']);
  });
});
