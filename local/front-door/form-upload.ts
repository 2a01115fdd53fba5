const CREDENTIAL_FIELD = /x-amz-credential|awsaccesskeyid/i;
const ONLY_FORM = /^form-data; name="x-amz-credential"$/i;

/**
 * The credential of a form as browsers write it, read from all of the form as the emulator does: of two fields it
 * takes the last, wherever it stands. Undefined unless there is exactly one.
 */
export function formCredential(contentType: string, body: Buffer): string | undefined {
  const boundary = /boundary=("?)([^";\s]+)\1/i.exec(contentType)?.[2];
  const parts = boundary ? body.toString("latin1").split(`--${boundary}`).slice(1, -1) : [];
  const [first, ...more] = parts.flatMap(credentialField);
  return first && more.length === 0 && ONLY_FORM.test(first.disposition) ? first.value : undefined;
}

function credentialField(part: string): { disposition: string; value: string }[] {
  const end = part.indexOf("\r\n\r\n");
  const head = end < 0 ? "" : part.slice(0, end);
  const dispositions = head.split("\r\n").filter((line) => /^\s*content-disposition\s*:/i.test(line));
  const disposition = dispositions
    .join("\n")
    .replace(/^[^:]*:/, "")
    .trim();
  return CREDENTIAL_FIELD.test(disposition)
    ? [{ disposition, value: part.slice(end + 4).replace(/\r\n$/, "") }]
    : [];
}
