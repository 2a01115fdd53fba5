import type { FakeAnswer } from "./surroundings";

interface Version {
  labels: string[];
  value: string | undefined;
}

export type Versions = Record<string, Version>;

export const secretArn = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:key-a1b2c3";

/** One secret, whose versions, promotion and rotation are those of the emulator. */
export class FakeSecret {
  functionArn: string | undefined;

  constructor(public versions: Versions) {}

  /** Version with the label. */
  with(label: string): string[] {
    return Object.keys(this.versions).filter((id) => this.versions[id]?.labels.includes(label));
  }

  operation(name: string, request: Record<string, unknown>): FakeAnswer {
    const { versions } = this;
    const id = { ARN: secretArn, Name: "key" };
    if (request.SecretId !== secretArn && request.SecretId !== "key") {
      return { error: "ResourceNotFoundException" };
    }
    if (name === "DescribeSecret") {
      const labelled = Object.entries(versions).filter(([, { labels }]) => labels.length > 0);
      const VersionIdsToStages = Object.fromEntries(labelled.map(([id, { labels }]) => [id, labels]));
      return { json: { ...id, RotationLambdaARN: this.functionArn, VersionIdsToStages } };
    }
    if (name === "GetSecretValue") {
      const VersionId = `${request.VersionId}`;
      return { json: { ...id, VersionId, SecretString: versions[VersionId]?.value } };
    }
    if (name === "PutSecretValue") {
      const { ClientRequestToken, SecretString, VersionStages } = request;
      this.#put(`${ClientRequestToken}`, SecretString as string | undefined, VersionStages as string[]);
      return { json: id };
    }
    return this.#move(`${request.VersionStage}`, request.MoveToVersionId, request.RemoveFromVersionId);
  }

  /** What RotateSecret does at the emulator. */
  rotate(versionId: string): void {
    const [current = ""] = this.with("AWSCURRENT");
    this.#put(versionId, this.versions[current]?.value, ["AWSCURRENT"]);
  }

  #put(id: string, value: string | undefined, labels: readonly string[]): void {
    const current = this.with("AWSCURRENT").find((other) => other !== id);
    const previous = this.with("AWSPREVIOUS").find((other) => other !== id);
    this.versions[id] = { value, labels: [...labels] };
    if (labels.includes("AWSCURRENT")) {
      this.#remove("AWSPREVIOUS", previous);
      if (previous && this.versions[previous]?.labels.length === 0) delete this.versions[previous];
      this.#remove("AWSCURRENT", current);
      if (current) this.versions[current]?.labels.push("AWSPREVIOUS");
    }
  }

  #move(label: string, to: unknown, from: unknown): FakeAnswer {
    const [holder] = this.with(label);
    if (holder !== from) return { error: "InvalidParameterException" };
    this.#remove(label, holder);
    const target = typeof to === "string" ? this.versions[to] : undefined;
    target?.labels.push(label);
    if (target && label === "AWSCURRENT" && holder) {
      for (const id of this.with("AWSPREVIOUS")) this.#remove("AWSPREVIOUS", id);
      this.versions[holder]?.labels.push("AWSPREVIOUS");
    }
    return { json: {} };
  }

  #remove(label: string, id: string | undefined): void {
    const version = id === undefined ? undefined : this.versions[id];
    if (version) version.labels = version.labels.filter((one) => one !== label);
  }
}
