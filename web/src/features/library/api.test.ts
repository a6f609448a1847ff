import { describe, expect, it } from 'vitest';
import { may, mayManage, rolesToGive } from './api';

describe('what a role may do', () => {
  it('lets an admin give roles up to editor, the owner up to admin', () => {
    expect(rolesToGive('admin')).toEqual(['editor', 'commenter', 'reader']);
    expect(rolesToGive('owner')).toContain('admin');
    expect(rolesToGive('editor')).toEqual([]);
  });

  it('never touches the owner, nor an admin by an admin', () => {
    expect(mayManage('admin', 'admin')).toBe(false);
    expect(mayManage('admin', 'owner')).toBe(false);
    expect(mayManage('owner', 'admin')).toBe(true);
  });

  it('lets everybody leave but the owner', () => {
    expect(may.leave('owner')).toBe(false);
    expect(may.leave('reader')).toBe(true);
  });
});
