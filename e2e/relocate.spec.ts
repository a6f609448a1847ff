/** Notes on a whole paper, and papers that go to another library with all that was said on them. */
import { card, comment, openLab, openPaper, saved } from './discuss.ts';
import { expect, row, test } from './fixtures.ts';
import { look } from './look.ts';

test('a note is written on the whole paper, and others see it at once', async ({ server, browser }) => {
  const { ines, ada } = await openLab(server, browser);
  await ines.keyboard.press('n');
  await ines.getByRole('textbox', { name: 'Title of the note' }).fill('Summary');
  await ines.getByRole('combobox', { name: 'Note' }).fill('It holds for **every** page.');
  await ines.keyboard.press('Control+Enter');
  await expect(card(ines, 'It holds for every page.')).toBeVisible();
  await expect(saved(ines)).toBeVisible();
  await expect(card(ada, 'It holds for every page.')).toContainText('Summary');
  await comment(ines, /This is page 1/, 'Not a note');
  await look(ines, 'notes');

  // Answered by the other, changed where it stands, and taken back after it was deleted.
  await card(ada, 'It holds').click();
  await ada.keyboard.press('r');
  await ada.keyboard.type('Does it?');
  await ada.keyboard.press('Control+Enter');
  await card(ines, 'It holds').click();
  await expect(card(ines, 'Does it?')).toBeVisible();
  await card(ines, 'Does it?').getByRole('button', { name: 'Edit text' }).click();
  await expect(ines.getByRole('textbox', { name: 'Title of the note' })).toHaveValue('Summary');
  await ines.getByRole('textbox', { name: 'Title of the note' }).fill('In short');
  await look(ines, 'notes-editing');
  await ines.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(card(ada, 'In short')).toBeVisible();
  await card(ines, 'In short').getByRole('button', { name: 'More' }).click();
  await ines.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(card(ada, 'In short')).toBeHidden();
  await ines.getByRole('button', { name: 'Undo' }).last().click();
  await expect(card(ada, 'In short')).toBeVisible();

  await ines.setViewportSize({ width: 390, height: 800 });
  await look(ines, 'notes-phone');
});

test('a paper is copied and moved to another library with its marks, and comes back', async ({ server, browser }) => {
  const { ines, ada, libraryId, documentId, token } = await openLab(server, browser);
  const { id: otherId } = await server.api<{ id: string }>(token, '/api/libraries', { method: 'POST', body: JSON.stringify({ name: 'Reading circle' }) });
  await comment(ada, /This is page 1/, 'Said by Ada');
  await expect(saved(ada)).toBeVisible();
  await ada.goto(`${server.origin}/l/${libraryId}`);
  await expect(row(ada, 'palimpsest')).toBeVisible();

  // A copy, from the bar of what is selected, by keys.
  await ines.goto(`${server.origin}/l/${libraryId}`);
  await row(ines, 'palimpsest').getByRole('checkbox').check();
  await ines.getByRole('toolbar').getByRole('button', { name: 'To library' }).click();
  const dialog = ines.getByRole('dialog');
  await dialog.getByRole('combobox').fill('circle');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await look(ines, 'relocate-dialog');
  await ines.keyboard.press('Enter');
  await expect(ines.getByText('Document copied to Reading circle')).toBeVisible({ timeout: 20_000 });
  await ines.goto(`${server.origin}/l/${otherId}`);
  await row(ines, 'palimpsest').getByRole('link', { name: /palimpsest/ }).click();
  await expect(card(ines, 'Said by Ada')).toContainText('Ada Okonkwo', { timeout: 20_000 });

  // To it again: it is there already.
  await ines.goto(`${server.origin}/l/${libraryId}`);
  const send = async (kind: 'Copy' | 'Move'): Promise<void> => {
    await row(ines, 'palimpsest').getByRole('checkbox').check();
    await ines.getByRole('toolbar').getByRole('button', { name: 'To library' }).click();
    await dialog.getByText(kind, { exact: true }).click();
    await dialog.getByRole('combobox').fill('circle');
    await ines.keyboard.press('Enter');
  };
  await send('Move');
  await expect(ines.getByText('Nothing was moved. The library has this file already.')).toBeVisible({ timeout: 20_000 });

  // Once the copy is in the trash for good it can be moved. The other, who is no member there, sees it go and come back.
  const copies = await server.api<{ items: { id: string }[] }>(token, `/api/libraries/${otherId}/documents`);
  await server.api(token, `/api/documents/${copies.items[0]!.id}/trash`, { method: 'POST' });
  await server.api(token, `/api/documents/${copies.items[0]!.id}`, { method: 'DELETE' });
  await ines.reload();
  await send('Move');
  await expect(ines.getByText('Document moved to Reading circle')).toBeVisible({ timeout: 20_000 });
  await look(ines, 'relocate-moved');
  await expect(row(ines, 'palimpsest')).toBeHidden();
  await expect(row(ada, 'palimpsest')).toBeHidden();
  await ines.getByRole('button', { name: 'Undo' }).last().click();
  await expect(ines.getByText('Document taken back')).toBeVisible({ timeout: 20_000 });
  await expect(row(ada, 'palimpsest')).toBeVisible();
  await openPaper(ada, server, documentId);
  await expect(card(ada, 'Said by Ada')).toBeVisible();
});
