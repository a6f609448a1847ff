/** Documents on their way from the list to a tag or a collection. */
const type = 'application/x-scrollkeeper-documents';

export function carry(transfer: DataTransfer, ids: string[]): void {
  transfer.setData(type, JSON.stringify(ids));
  transfer.effectAllowed = 'copy';
}

export const carriesDocuments = (transfer: DataTransfer): boolean => transfer.types.includes(type);

/** What is dropped; empty for anything else. */
export function carried(transfer: DataTransfer): string[] {
  try {
    const ids: unknown = JSON.parse(transfer.getData(type));
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
