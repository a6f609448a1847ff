import { ActionIcon, Menu, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Clock, Ellipsis, LogOut, Mail, UserMinus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Invitation, Library, Member, Person, Role } from '../../lib/api';
import { daysLeft, formatAgo } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { queryKeys } from '../../lib/queryKeys';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { toast, toastError } from '../../ui/toast';
import { changeRole, invitationsQuery, may, mayManage, membersQuery, removeMember, revokeInvitation, rolesToGive, type GivenRole } from './api';
import { InviteBox } from './InviteBox';
import classes from './MembersPage.module.css';
import { RoleGuide } from './RoleGuide';

interface Props {
  library: Library;
  me: Person;
  /** One has left: there is nothing here to see any more. */
  onLeft: () => void;
}

/** Who is in the library, who is invited, and what each may do. */
export function MembersPage({ library, me, onLeft }: Props) {
  const { t } = useTranslation('library');
  const client = useQueryClient();
  const manages = may.manageMembers(library.role);
  const members = useQuery(membersQuery(library.id));
  const invitations = useQuery({ ...invitationsQuery(library.id), enabled: manages });
  const [role, setRole] = useState<GivenRole>('editor');
  const [removing, setRemoving] = useState<Member>();

  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.members(library.id) }),
      client.invalidateQueries({ queryKey: queryKeys.invitations(library.id) }),
      client.invalidateQueries({ queryKey: queryKeys.libraries }),
    ]);
  const change = useMutation({
    mutationFn: ({ member, to }: { member: Member; to: GivenRole }) => changeRole(library.id, member.person_id, to),
    onSuccess: (_, { member, to }) => toast(t('done.role', { name: member.name, role: t(`asRole.${to}`) })),
    onError: toastError,
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (member: Member) => removeMember(library.id, member.person_id),
    onSuccess: (_, member) => {
      setRemoving(undefined);
      if (member.person_id === me.id) onLeft();
      else toast(t('done.removed', { name: member.name }));
    },
    onError: toastError,
    onSettled: refresh,
  });
  const withdraw = useMutation({
    mutationFn: (invitation: Invitation) => revokeInvitation(library.id, invitation.id),
    onSuccess: () => toast(t('done.withdrawn')),
    onError: toastError,
    onSettled: refresh,
  });

  const people = members.data?.items ?? [];
  const waiting = invitations.data?.items ?? [];
  const leaving = removing?.person_id === me.id;
  return (
    <section className={classes.page}>
      <h1 className={classes.title}>{t('members.title')}</h1>
      <p className={classes.summary} role="status">
        {members.data ? t('members.people', { count: people.length }) : null}
        {waiting.length > 0 ? t('members.waiting', { count: waiting.length }) : null}
        {members.data ? '.' : null}
      </p>
      {manages ? <InviteBox library={library} role={role} onRole={setRole} onInvited={() => void refresh()} /> : null}
      <RoleGuide members={people} lit={manages ? role : library.role} />
      {members.error ? (
        <p className={classes.problem} role="alert">
          {sentence(members.error)}
        </p>
      ) : null}
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('members.name')}</th>
            <th scope="col">{t('members.role')}</th>
            <th scope="col" className={classes.since}>
              {t('members.since')}
            </th>
            <th scope="col">
              <span className="sr-only">{t('members.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((member) => (
            <MemberRow
              key={member.person_id}
              member={member}
              me={me}
              myRole={library.role}
              onRole={(to) => change.mutate({ member, to })}
              onRemove={() => setRemoving(member)}
            />
          ))}
        </tbody>
        {waiting.length > 0 ? (
          <tbody>
            <tr>
              <th scope="rowgroup" colSpan={4} className={classes.section}>
                {t('invitations.title')}
              </th>
            </tr>
            {waiting.map((invitation) => (
              <InvitationRow key={invitation.id} invitation={invitation} onWithdraw={() => withdraw.mutate(invitation)} />
            ))}
          </tbody>
        ) : null}
      </table>
      <ConfirmDialog
        opened={removing !== undefined}
        title={leaving ? t('leave.title', { library: library.name }) : t('remove.title', { name: removing?.name })}
        body={leaving ? t('leave.text') : t('remove.text')}
        confirm={leaving ? t('leave.confirm') : t('remove.confirm')}
        danger
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate(removing)}
        onClose={() => setRemoving(undefined)}
      />
    </section>
  );
}

interface MemberRowProps {
  member: Member;
  me: Person;
  myRole: Role;
  onRole: (role: GivenRole) => void;
  onRemove: () => void;
}

function MemberRow({ member, me, myRole, onRole, onRemove }: MemberRowProps) {
  const { t } = useTranslation('library');
  const isMe = member.person_id === me.id;
  const manageable = !isMe && mayManage(myRole, member.role);
  return (
    <tr>
      <th scope="row" className={classes.person}>
        <PersonAvatar id={member.person_id} name={member.name} size={32} decorative />
        <span className={classes.who}>
          <span className={classes.name}>
            {member.name}
            {isMe ? <span className={classes.you}>{t('members.you')}</span> : null}
          </span>
          <span className={classes.email}>{member.email}</span>
        </span>
      </th>
      <td>
        {manageable ? (
          <Select
            className={classes.select}
            aria-label={t('members.roleOf', { name: member.name })}
            data={rolesToGive(myRole).map((role) => ({ value: role, label: t(`role.${role}`) }))}
            value={member.role}
            onChange={(value) => value && value !== member.role && onRole(value as GivenRole)}
          />
        ) : (
          <span className={classes.fixed}>{t(`role.${member.role}`)}</span>
        )}
      </td>
      <td className={classes.since}>{formatAgo(member.joined_at)}</td>
      <td className={classes.more}>
        {manageable || (isMe && may.leave(myRole)) ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={t('members.more', { name: member.name })}>
                <Ellipsis size={16} strokeWidth={1.75} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                color="var(--bad)"
                leftSection={isMe ? <LogOut size={16} aria-hidden /> : <UserMinus size={16} aria-hidden />}
                onClick={onRemove}
              >
                {isMe ? t('leave.action') : t('remove.action')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </td>
    </tr>
  );
}

function InvitationRow({ invitation, onWithdraw }: { invitation: Invitation; onWithdraw: () => void }) {
  const { t } = useTranslation('library');
  const left = daysLeft(invitation.expires_at);
  const whom = invitation.email ?? t('invitations.anybody');
  return (
    <tr>
      <th scope="row" className={classes.person}>
        <span className={classes.envelope}>
          <Mail size={16} strokeWidth={1.75} aria-hidden />
        </span>
        <span className={classes.who}>
          <span className={classes.name}>{whom}</span>
          <span className={classes.email}>
            {t('invitations.by', { name: invitation.invited_by, at: formatAgo(invitation.created_at) })}
          </span>
        </span>
      </th>
      <td>
        <span className={classes.fixed}>{t(`role.${invitation.role}`)}</span>
      </td>
      <td className={classes.since}>
        <span className={classes.left}>
          <Clock size={15} strokeWidth={1.75} aria-hidden />
          {t('invitations.left', { count: left })}
        </span>
      </td>
      <td className={classes.more}>
        <ActionIcon aria-label={t('invitations.withdraw', { whom })} onClick={onWithdraw}>
          <X size={16} strokeWidth={1.75} />
        </ActionIcon>
      </td>
    </tr>
  );
}
