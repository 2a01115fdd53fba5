import { checkGraph, type Finding } from "./checks";
import type { Resource } from "./engine/resource";
import type { PolicyPack, Violation } from "./policy";
import type { Project } from "./project";

/** What the program says may not be deployed; nothing was created or changed. */
export class Refused extends Error {
  constructor(violations: readonly Violation[], findings: readonly Finding[]) {
    const lines = [
      ...violations.map(
        ({ rule, urn, message }) => `  policy ${rule}${urn ? ` on ${nameOf(urn)}` : ""}\n    ${message}`,
      ),
      ...findings.map(
        ({ name, type, problem, fix }) => `  ${name} (${type})\n    ${problem}\n    Fix: ${fix}`,
      ),
    ];
    super(`The program is refused; nothing was created or changed.\n${lines.join("\n")}`);
  }
}

/**
 * Judges what a program would make: by the policy pack, and by what AWS enforces and the emulator does not.
 * Advice is told to `tell`.
 * @throws Refused for mandatory violations and findings
 */
export async function judge(
  resources: readonly Resource[],
  { name, stack, config, secretKeys }: Project,
  pack: PolicyPack,
  tell: (advice: string) => void,
): Promise<void> {
  const violations = await pack.check(resources, {
    project: name,
    stack,
    values: { ...config },
    secretKeys: [...secretKeys],
  });
  const findings = checkGraph(resources);
  const mandatory = violations.filter(({ level }) => level === "mandatory");
  if (mandatory.length > 0 || findings.length > 0) {
    throw new Refused(mandatory, findings);
  }
  for (const { rule, urn, message } of violations) {
    tell(`Advice of ${rule}${urn ? ` on ${nameOf(urn)}` : ""}: ${message}`);
  }
}

const nameOf = (urn: string) => urn.split("::").at(-1);
