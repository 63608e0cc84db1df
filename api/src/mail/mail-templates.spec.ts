import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { invitationMail, nameInMail, resetPasswordMail, verifyEmailMail } from './mail-templates.ts';

const publicUrl = 'https://hortus.example.com';
const invite = (workspaceName: string, inviterName = 'Ada') =>
  invitationMail({ publicUrl, token: 't0ken', minutes: 7 * 1440, workspaceName, inviterName });

describe('a mail', () => {
  it('carries its one-time link behind a #, in the text and in the HTML', () => {
    const { text, html, subject } = resetPasswordMail({ publicUrl, token: 'abc_-1', minutes: 30 });
    const link = 'https://hortus.example.com/reset-password#token=abc_-1';
    expect(text).toContain(`\n${link}\n`);
    expect(html).toContain(`<a href="${link}">${link}</a>`);
    expect(text).toContain('within 30 minutes');
    expect(subject).not.toContain('abc');
  });

  it.each([
    [1, '1 minute'],
    [30, '30 minutes'],
    [60, '1 hour'],
    [1440, '1 day'],
    [7 * 1440, '7 days'],
  ])('says %d minutes as %s', (minutes, words) => {
    expect(verifyEmailMail({ publicUrl, token: 't', minutes }).text).toContain(`within ${words}:`);
  });

  it('takes no line, no markup and no link from a name that somebody has chosen', () => {
    const { subject, text, html } = invite('Acme\r\nBcc: all@acme.test\r\n\r\n<script>', 'https://evil.test/?a="b"');
    expect(subject).not.toMatch(/[\r\n]/);
    expect(text).not.toMatch(/evil\.test|^Bcc|:\/\/evil|all@acme/m);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('"b"');
  });

  it('has one line of subject and one link, whatever the names are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (workspace, inviter) => {
        const { subject, text, html } = invite(workspace, inviter);
        expect(subject).not.toMatch(/\p{Cc}/u);
        expect(text.match(/:\/\//g)).toHaveLength(2);
        expect(html.match(/<a /g)).toHaveLength(1);
        expect(html.replaceAll(/<\/?(p|a href="[^"]*"|a)>/g, '')).not.toMatch(/[<>]/);
      }),
    );
  });

  it('leaves a plain name as it is, and cuts a long one', () => {
    expect(nameInMail('Crème & Co. – Nürnberg')).toBe('Crème & Co. – Nürnberg');
    expect(Array.from(nameInMail('🌿'.repeat(100)))).toHaveLength(60);
    expect(nameInMail('a\u202Eb\u200Bc')).toBe('a b c');
  });
});
