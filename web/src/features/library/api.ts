import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Library, type NewInvitation, type Role } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

/** A role that can be given: ownership is not given by a form. */
export type GivenRole = Exclude<Role, 'owner'>;

export const givenRoles: GivenRole[] = ['admin', 'editor', 'commenter', 'reader'];

const editors: Role[] = ['editor', 'admin', 'owner'];
const admins: Role[] = ['admin', 'owner'];

/**
 * What a role may do, to leave out what would be refused. The server decides:
 * internal/library/rules.go.
 */
export const may = {
  addDocuments: (role: Role) => editors.includes(role),
  editDocuments: (role: Role) => editors.includes(role),
  purgeDocuments: (role: Role) => admins.includes(role),
  manageMembers: (role: Role) => admins.includes(role),
  renameLibrary: (role: Role) => admins.includes(role),
  nameKeys: (role: Role) => admins.includes(role),
  shareByLink: (role: Role) => editors.includes(role),
  leave: (role: Role) => role !== 'owner',
};

/** The roles that somebody of this role may give to others. */
export function rolesToGive(role: Role): GivenRole[] {
  if (role === 'owner') return givenRoles;
  return role === 'admin' ? givenRoles.filter((given) => given !== 'admin') : [];
}

/** Whether somebody of this role may change or remove a member of that one. */
export const mayManage = (role: Role, other: Role): boolean =>
  other !== 'owner' && (rolesToGive(role) as Role[]).includes(other);

export const libraryListQuery = () =>
  queryOptions({
    queryKey: queryKeys.libraries,
    queryFn: ({ signal }) => unwrap(api.GET('/api/libraries', { signal })),
  });

export const membersQuery = (libraryId: string) =>
  queryOptions({
    queryKey: queryKeys.members(libraryId),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/libraries/{library_id}/members', { signal, params: { path: { library_id: libraryId } } })),
  });

export const invitationsQuery = (libraryId: string) =>
  queryOptions({
    queryKey: queryKeys.invitations(libraryId),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/libraries/{library_id}/invitations', { signal, params: { path: { library_id: libraryId } } })),
  });

/** What happened in the library after version `since`, at most 500 at a time. */
export const fetchChanges = (libraryId: string, since: number) =>
  unwrap(
    api.GET('/api/libraries/{library_id}/changes', {
      params: { path: { library_id: libraryId }, query: { since, limit: 500 } },
    }),
  );

export const createLibrary = (name: string): Promise<Library> => unwrap(api.POST('/api/libraries', { body: { name } }));

export const renameLibrary = (libraryId: string, name: string): Promise<Library> =>
  unwrap(api.PATCH('/api/libraries/{library_id}', { params: { path: { library_id: libraryId } }, body: { name } }));

export const invite = (libraryId: string, role: GivenRole, email?: string): Promise<NewInvitation> =>
  unwrap(
    api.POST('/api/libraries/{library_id}/invitations', {
      params: { path: { library_id: libraryId } },
      body: email ? { role, email } : { role },
    }),
  );

export const revokeInvitation = async (libraryId: string, invitationId: string): Promise<void> => {
  await unwrap(
    api.DELETE('/api/libraries/{library_id}/invitations/{invitation_id}', {
      params: { path: { library_id: libraryId, invitation_id: invitationId } },
    }),
  );
};

export const changeRole = async (libraryId: string, personId: string, role: GivenRole): Promise<void> => {
  await unwrap(
    api.PATCH('/api/libraries/{library_id}/members/{person_id}', {
      params: { path: { library_id: libraryId, person_id: personId } },
      body: { role },
    }),
  );
};

/** Takes somebody out; oneself, to leave. */
export const removeMember = async (libraryId: string, personId: string): Promise<void> => {
  await unwrap(
    api.DELETE('/api/libraries/{library_id}/members/{person_id}', {
      params: { path: { library_id: libraryId, person_id: personId } },
    }),
  );
};
