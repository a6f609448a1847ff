/**
 * Makes PDFs for the tests: each page is a list of lines in Helvetica, and
 * `padding` adds that many random bytes in a stream that nothing refers to, for
 * files that take a while to upload.
 */
import { randomBytes } from 'node:crypto';

export interface PdfOptions {
  title?: string;
  padding?: number;
}

export function makePdf(pages: string[][], { title, padding = 0 }: PdfOptions = {}): Buffer {
  const objects: Buffer[] = [];
  const add = (body: string | Buffer): number => objects.push(Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1'));
  const stream = (data: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`<< /Length ${data.length} >>\nstream\n`), data, Buffer.from('\nendstream')]);
  const text = (s: string): string => s.replace(/[\\()]/g, '\\$&');

  add('<< /Type /Catalog /Pages 2 0 R >>');
  const kids = pages.map((_, i) => `${4 + i * 2} 0 R`).join(' ');
  add(`<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  pages.forEach((lines, i) => {
    add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + i * 2} 0 R >>`);
    const shown = lines.map((l) => `(${text(l)}) Tj T*`).join('\n');
    add(stream(Buffer.from(`BT /F1 12 Tf 16 TL 72 760 Td\n${shown}\nET`, 'latin1')));
  });
  const info = add(`<< /Title (${text(title ?? '')}) >>`);
  if (padding > 0) add(stream(randomBytes(padding)));

  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  let offset = parts[0]!.length;
  const offsets: number[] = [];
  objects.forEach((body, i) => {
    offsets.push(offset);
    const whole = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    parts.push(whole);
    offset += whole.length;
  });
  const entries = offsets.map((o) => `${String(o).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}` +
        `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${info} 0 R >>\nstartxref\n${offset}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** A paper of so many pages whose text names it, so that a search finds it alone. */
export function makePaper(name: string, pageCount = 2, padding = 0): Buffer {
  const pages = Array.from({ length: pageCount }, (_, i) => [
    i === 0 ? `On the ${name} of manuscripts` : `${name}, continued`,
    `This is page ${i + 1} of the paper about ${name}.`,
    'Readers mark what they read, and talk about it in the margin.',
    `The ${name} hypothesis holds on page ${i + 1}.`,
  ]);
  return makePdf(pages, { title: `On the ${name} of manuscripts`, padding });
}
