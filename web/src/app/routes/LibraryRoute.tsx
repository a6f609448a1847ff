import { Button } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { FileUp, FolderUp, UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CiteDialog, ExportMenu } from '../../features/cite/CiteDialog';
import type { RowCells } from '../../features/document/DocumentRow';
import { DocumentsPage } from '../../features/document/DocumentsPage';
import { FirstRun } from '../../features/document/FirstRun';
import type { ListSearch } from '../../features/document/listSearch';
import { metaQuery, sessionQuery } from '../../features/identity/api';
import { useUploads } from '../../features/ingest/context';
import { may } from '../../features/library/api';
import { carry } from '../../features/organise/drag';
import { Filters } from '../../features/organise/Filters';
import { Picker } from '../../features/organise/Picker';
import { RowCollections, RowTags } from '../../features/organise/Cells';
import { RelocateDialog } from '../../features/relocate/RelocateDialog';
import type { Library } from '../../lib/api';
import { formatLimit } from '../../lib/format';
import { firstName } from '../../lib/people';
import { useTitle } from '../useTitle';
import { LibraryGate } from './LibraryGate';
import { useTargets } from './useTargets';

const route = getRouteApi('/frame/l/$libraryId');

const cells: RowCells = {
  collections: (document) => <RowCollections document={document} max={1} />,
  tags: (document) => <RowTags document={document} max={1} />,
};

export function LibraryRoute() {
  return <LibraryGate>{(library) => <Documents library={library} />}</LibraryGate>;
}

function Documents({ library }: { library: Library }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const targets = useTargets(library.id);
  useTitle(library.name);
  const show = (next: ListSearch) => void navigate({ to: '/l/$libraryId', params: { libraryId: library.id }, search: next, replace: true });
  const { tag, collection, ...rest } = search;
  return (
    <DocumentsPage
      key={library.id}
      libraryId={library.id}
      mayEdit={may.editDocuments(library.role)}
      search={search}
      onSearch={show}
      onOpen={(documentId) => void navigate({ to: '/d/$documentId', params: { documentId } })}
      organise={{
        cells,
        filters: <Filters libraryId={library.id} tag={tag} collection={collection} onChange={(next) => show({ ...rest, ...next })} />,
        picker: (kind, documents, onClose) => <Picker libraryId={library.id} kind={kind} documents={documents} onClose={onClose} />,
        onDrag: carry,
      }}
      cite={(documentIds, onClose) => <CiteDialog libraryId={library.id} documentIds={documentIds} onClose={onClose} />}
      relocate={(documentIds, onClose) => (
        <RelocateDialog
          fromLibraryId={library.id}
          libraries={targets}
          documentIds={documentIds}
          mayMove={may.editDocuments(library.role)}
          onClose={onClose}
        />
      )}
      tools={<ExportMenu libraryId={library.id} mayNameKeys={may.nameKeys(library.role)} />}
      firstRun={<EmptyLibrary library={library} />}
    />
  );
}

function EmptyLibrary({ library }: { library: Library }) {
  const { t } = useTranslation('document');
  const { person } = useSuspenseQuery(sessionQuery()).data;
  const meta = useQuery(metaQuery()).data;
  const { pickFiles, pickFolder, canPickFolder } = useUploads();
  const adds = may.addDocuments(library.role);
  const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true };
  return (
    <FirstRun
      greeting={
        library.kind === 'personal'
          ? t('firstRun.mine', { name: firstName(person.name) })
          : t('firstRun.shared', { library: library.name })
      }
      limit={adds ? formatLimit(meta?.max_upload_bytes ?? 2 * 1024 ** 3) : undefined}
      choose={
        <>
          <Button leftSection={<FileUp {...icon} />} onClick={pickFiles}>
            {t('firstRun.files')}
          </Button>
          {canPickFolder ? (
            <Button variant="default" leftSection={<FolderUp {...icon} />} onClick={pickFolder}>
              {t('firstRun.folder')}
            </Button>
          ) : null}
        </>
      }
      below={
        may.manageMembers(library.role) ? (
          <>
            <UserPlus {...icon} />
            {t('firstRun.together')}
            <Link className="link" to="/l/$libraryId/members" params={{ libraryId: library.id }}>
              {t('firstRun.invite')}
            </Link>
          </>
        ) : null
      }
    />
  );
}
