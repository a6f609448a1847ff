import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { InboxPage } from '../../features/notify/InboxPage';
import { SettingsDialog } from '../../features/notify/SettingsDialog';
import { useTitle } from '../useTitle';

/** The inbox; mails lead to its settings by #settings. */
export function InboxRoute() {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const hash = useRouterState({ select: (state) => state.location.hash });
  useTitle(t('nav.inbox'));
  return (
    <>
      <InboxPage
        onOpen={(item) =>
          item.saved_search
            ? void navigate({ to: '/search', search: { library: item.library_id, saved: item.saved_search.id } })
            : void navigate({ to: '/d/$documentId', params: { documentId: item.document_id }, hash: `a=${item.annotation_id}` })
        }
        onSettings={() => void navigate({ to: '/inbox', hash: 'settings' })}
      />
      <SettingsDialog opened={hash === 'settings'} onClose={() => void navigate({ to: '/inbox', replace: true })} />
    </>
  );
}
