/** What becomes of a comment: answers, who looks after it, its history, and its place in another version of the file. */
import { card, comment, openLab, openPaper, popup, rail, saved, selectLine } from './discuss.ts';
import { expect, signIn, test } from './fixtures.ts';
import { makePdf } from './pdf.ts';

test.setTimeout(180_000);

test('a thread is answered, given to somebody, settled, taken up again and taken back', async ({ server, browser }) => {
  const { ines, ada } = await openLab(server, browser);
  const menu = async (item: string): Promise<void> => {
    await card(ines, 'Is this so?').getByRole('button', { name: 'More' }).click();
    await ines.getByRole('menuitem', { name: item }).click();
  };
  await comment(ines, 'This is page 1', 'Is this so?');

  await card(ada, 'Is this so?').click();
  await ada.keyboard.press('r');
  await ada.getByRole('combobox', { name: /Reply to/ }).fill('I doubt it');
  await ada.keyboard.press('Control+Enter');
  await card(ines, 'Is this so?').click();
  await expect(card(ines, 'I doubt it')).toBeVisible();
  await card(ada, 'I doubt it').getByRole('button', { name: 'Edit reply' }).click();
  await ada.getByRole('combobox', { name: 'Reply', exact: true }).fill('I am sure of it');
  await ada.keyboard.press('Control+Enter');
  await expect(card(ines, 'I am sure of it')).toContainText('edited');
  await card(ines, 'I am sure of it').getByRole('button', { name: 'React' }).last().click({ force: true });
  await ines.getByRole('menuitem').first().click();
  await expect(card(ada, 'I am sure of it').getByRole('button', { name: /by Ines Calder/ })).toBeVisible();

  await menu('Ada Okonkwo');
  await expect(card(ada, 'Is this so?').getByText('Looked after by Ada Okonkwo')).toBeAttached();
  await menu('Underline instead');
  await expect(card(ada, 'Is this so?')).toBeVisible();
  await card(ada, 'Is this so?').getByRole('button', { name: 'Resolve' }).click();
  await expect(card(ines, 'Is this so?')).toContainText('Resolved by Ada Okonkwo');
  await card(ines, 'Is this so?').getByRole('button', { name: 'Reopen' }).click();
  await expect(card(ada, 'Is this so?').getByRole('button', { name: 'Resolve' })).toBeVisible();

  await menu('History');
  const history = ines.getByRole('dialog', { name: 'History' });
  for (const deed of ['marked this', 'replied', 'edited a reply', 'asked Ada Okonkwo to look after it', 'resolved it', 'reopened it']) {
    await expect(history).toContainText(deed);
  }
  await ines.keyboard.press('Escape');
  await expect(history).toBeHidden();
  // The key that closed the dialog closed nothing else.
  await expect(card(ines, 'Is this so?').getByRole('button', { name: 'Resolve' })).toBeVisible();
  await expect(card(ines, 'Is this so?').locator('header + div')).not.toContainText('edited');

  await card(ada, 'I am sure of it').getByRole('button', { name: 'Delete reply' }).click();
  await expect(card(ines, 'Ada Okonkwo deleted this reply.')).toBeVisible();
  await menu('Delete');
  await expect(card(ada, 'Is this so?')).toHaveCount(0);
  await ines.getByRole('button', { name: 'Undo' }).click();
  await expect(card(ada, 'Is this so?')).toBeVisible();
  await expect(saved(ines)).toBeVisible();
});

test('in another version of the file a mark is carried along, doubted or listed, never lost', async ({ server, browser }) => {
  const { ines, documentId } = await openLab(server, browser);
  await comment(ines, 'This is page 1', 'stays as it was');
  await comment(ines, 'Readers mark what', 'was reworded');
  await comment(ines, 'hypothesis holds', 'was taken out');
  await expect(saved(ines)).toBeVisible();

  const second = makePdf(
    [
      [
        'On the palimpsest of manuscripts',
        'This is page 1 of the paper about palimpsest.',
        'Readers mark what they have read, and talk about it in the margin.',
        'Nothing else was kept of the first version.',
      ],
    ],
    { title: 'On the palimpsest of manuscripts' },
  );
  await ines.getByRole('tab', { name: 'Info' }).click();
  await ines.getByTestId('upload-version').setInputFiles([{ name: 'second.pdf', mimeType: 'application/pdf', buffer: second }]);
  await expect(ines.locator('#reader-page-count')).toHaveText('of 1');
  await ines.getByRole('tab', { name: /Comments/ }).click();
  await expect(card(ines, 'stays as it was')).toBeVisible();
  await expect(card(ines, 'stays as it was').getByRole('button', { name: 'Check position' })).toHaveCount(0);

  await card(ines, 'was reworded').getByRole('button', { name: 'Check position' }).click();
  await card(ines, 'was reworded').getByRole('button', { name: 'This is the place' }).click();
  await expect(card(ines, 'was reworded').getByRole('button', { name: 'This is the place' })).toHaveCount(0);

  await ines.getByText('1 mark without a place in this file').click();
  await expect(ines.getByRole('listitem').filter({ hasText: 'was taken out' })).toContainText('hypothesis holds');
  await openPaper(ines, server, documentId);
  await expect(card(ines, 'was reworded').getByRole('button', { name: 'Check position' })).toHaveCount(0);
});

test('a reader sees the discussion and marks for themselves alone', async ({ server, browser }) => {
  const { ines, libraryId, documentId, token } = await openLab(server, browser);
  await comment(ines, 'This is page 1', 'for everybody');
  const guest = { name: 'Mei Tanaka', email: 'mei@example.org', password: 'yet another password' };
  await server.createUser(guest);
  const { secret } = await server.api<{ secret: string }>(token, `/api/libraries/${libraryId}/invitations`, {
    method: 'POST',
    body: JSON.stringify({ role: 'reader' }),
  });
  await server.api(await server.token(guest.email), '/api/invitations/accept', { method: 'POST', body: JSON.stringify({ secret }) });
  const mei = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(mei, server, guest);
  await openPaper(mei, server, documentId);
  await card(mei, 'for everybody').click();
  await expect(card(mei, 'for everybody').getByRole('button', { name: 'Copy link' })).toBeVisible();
  await expect(card(mei, 'for everybody').getByRole('button', { name: 'Resolve' })).toHaveCount(0);
  await expect(mei.getByRole('combobox', { name: /Reply to/ })).toHaveCount(0);
  await mei.keyboard.press('Escape');
  await selectLine(mei, 'Readers mark what');
  await expect(popup(mei)).toBeVisible();
  await mei.keyboard.press('c');
  await mei.getByRole('combobox', { name: 'Comment' }).fill('a note to myself');
  await mei.keyboard.press('Control+Enter');
  await expect(card(mei, 'a note to myself').getByText('only you')).toBeVisible();
  await expect(saved(mei)).toBeVisible();
  await expect(rail(ines).getByRole('article')).toHaveCount(1);
});
