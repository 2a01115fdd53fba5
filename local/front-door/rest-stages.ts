import type * as aws from "@pulumi/aws";
import type { Inputs, Resource } from "../engine/resource";
import type {
  RestAnswer,
  RestIntegration,
  RestMethod,
  RestPlan,
  RestSettings,
  RestStage,
} from "./rest-description";

/** Typed inputs of the resources of one type. */
interface Node<Args> {
  readonly id: string;
  readonly inputs: Partial<Inputs<Args>>;
}

type Place = { restApi?: unknown; resourceId?: unknown; httpMethod?: unknown };

/** The stages of REST APIs in a graph, with all that decides what becomes of a request. */
export function restStages(resources: readonly Resource[]): RestStage[] {
  const graph = new Graph(resources);
  return graph.all<aws.apigateway.StageArgs>("stage:Stage").map(({ inputs }) => {
    const apiId = String(inputs.restApi);
    const stage = String(inputs.stageName);
    return {
      apiId,
      stage,
      variables: inputs.variables ?? {},
      hasCache: inputs.cacheClusterEnabled === true,
      methods: graph.methods(apiId, stage),
      responses: Object.fromEntries(
        graph
          .all<aws.apigateway.ResponseArgs>("response:Response")
          .filter((response) => response.inputs.restApiId === apiId)
          .map(({ inputs: response }) => [
            response.responseType,
            {
              statusCode: response.statusCode,
              parameters: response.responseParameters ?? {},
              template: response.responseTemplates?.["application/json"],
            },
          ]),
      ),
      plans: graph.plans(apiId, stage),
    };
  });
}

class Graph {
  constructor(private readonly resources: readonly Resource[]) {}

  all<Args>(type: string): Node<Args>[] {
    const token = `aws:apigateway/${type}`;
    return this.resources
      .filter((resource) => resource.type === token)
      .map(({ id, inputs }) => ({ id, inputs: inputs as Partial<Inputs<Args>> }));
  }

  methods(apiId: string, stage: string): RestMethod[] {
    const ofApi = this.all<aws.apigateway.MethodArgs>("method:Method").filter(
      ({ inputs }) => inputs.restApi === apiId,
    );
    return ofApi.flatMap(({ inputs }) => {
      const { httpMethod = "ANY", requestValidatorId } = inputs;
      const integration = this.integration(inputs);
      if (!integration) {
        return [];
      }
      const path = this.pathOf(inputs.resourceId) || "/";
      const validator = this.all<aws.apigateway.RequestValidatorArgs>(
        "requestValidator:RequestValidator",
      ).find(({ id }) => id === requestValidatorId);
      return [
        {
          key: `${httpMethod} ${path}`,
          path,
          authorization: inputs.authorization ?? "NONE",
          isKeyRequired: inputs.apiKeyRequired === true,
          requestParameters: inputs.requestParameters ?? {},
          models: this.models(apiId, inputs.requestModels),
          validatesBody: validator?.inputs.validateRequestBody === true,
          validatesParameters: validator?.inputs.validateRequestParameters === true,
          integration,
          settings: this.settings(apiId, stage, `${path}/${httpMethod}`),
        },
      ];
    });
  }

  plans(apiId: string, stage: string): RestPlan[] {
    return this.all<aws.apigateway.UsagePlanArgs>("usagePlan:UsagePlan")
      .filter(({ inputs }) =>
        inputs.apiStages?.some((served) => served.apiId === apiId && served.stage === stage),
      )
      .map(({ id, inputs }) => ({ id, throttle: inputs.throttleSettings, quota: inputs.quotaSettings }));
  }

  /** Path such as `/views/{id}`, empty for the root, which is no resource of its own. */
  private pathOf(resourceId: string | undefined): string {
    const found = this.all<aws.apigateway.ResourceArgs>("resource:Resource").find(
      ({ id }) => id === resourceId,
    );
    return found ? `${this.pathOf(found.inputs.parentId)}/${found.inputs.pathPart}` : "";
  }

  private models(apiId: string, names: Readonly<Record<string, string>> = {}): Record<string, string> {
    const models = this.all<aws.apigateway.ModelArgs>("model:Model").filter(
      ({ inputs }) => inputs.restApi === apiId,
    );
    return Object.fromEntries(
      Object.entries(names).flatMap(([type, name]) => {
        const model = models.find(({ inputs }) => inputs.name === name);
        return model ? [[type, model.inputs.schema ?? "{}"]] : [];
      }),
    );
  }

  private integration(place: Place): RestIntegration | undefined {
    const found = this.all<aws.apigateway.IntegrationArgs>("integration:Integration").find(({ inputs }) =>
      isAt(inputs, place),
    );
    return (
      found && {
        type: String(found.inputs.type),
        uri: found.inputs.uri ?? "",
        credentials: found.inputs.credentials,
        httpMethod: found.inputs.integrationHttpMethod ?? "POST",
        passthroughBehavior: found.inputs.passthroughBehavior ?? "WHEN_NO_MATCH",
        requestParameters: found.inputs.requestParameters ?? {},
        requestTemplates: found.inputs.requestTemplates ?? {},
        cacheKeyParameters: found.inputs.cacheKeyParameters ?? [],
        answers: this.answers(place),
      }
    );
  }

  private answers(place: Place): RestAnswer[] {
    return this.all<aws.apigateway.IntegrationResponseArgs>("integrationResponse:IntegrationResponse")
      .filter(({ inputs }) => isAt(inputs, place))
      .map(({ inputs }) => ({
        statusCode: String(inputs.statusCode),
        selectionPattern: inputs.selectionPattern || undefined,
        responseParameters: inputs.responseParameters ?? {},
        responseTemplates: inputs.responseTemplates ?? {},
      }));
  }

  /** Those of the method alone where it has some, else those for all. */
  private settings(apiId: string, stage: string, method: string): RestSettings {
    const ofStage = this.all<aws.apigateway.MethodSettingsArgs>("methodSettings:MethodSettings").filter(
      ({ inputs }) => inputs.restApi === apiId && inputs.stageName === stage,
    );
    const of = (key: string) =>
      ofStage.find(({ inputs }) => inputs.methodPath?.replaceAll("~1", "/").replace(/^\/*/, "") === key)
        ?.inputs.settings;
    return of(method.replace(/^\/*/, "")) ?? withGetAlone(method, of("*/*")) ?? {};
  }
}

/** Of all methods, only GET is cached without settings of its own. */
function withGetAlone(method: string, settings: RestSettings | undefined): RestSettings | undefined {
  return settings && !method.endsWith("/GET") ? { ...settings, cachingEnabled: false } : settings;
}

function isAt(a: Place, b: Place): boolean {
  return a.restApi === b.restApi && a.resourceId === b.resourceId && a.httpMethod === b.httpMethod;
}
