// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package agents

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of CapabilitySupport.
const (
	CapabilitySupportSupported   CapabilitySupport = "supported"
	CapabilitySupportUnknown     CapabilitySupport = "unknown"
	CapabilitySupportUnsupported CapabilitySupport = "unsupported"
)

// The known values of DiagnosisOwner.
const (
	DiagnosisOwnerScope3 DiagnosisOwner = "scope3"
	DiagnosisOwnerSeller DiagnosisOwner = "seller"
)

// The known values of DiscoveryMethod.
const (
	DiscoveryMethodAdsTxtManagerdomain   DiscoveryMethod = "ads_txt_managerdomain"
	DiscoveryMethodAuthoritativeLocation DiscoveryMethod = "authoritative_location"
	DiscoveryMethodDirect                DiscoveryMethod = "direct"
)

// The known values of HealthStatus.
const (
	HealthStatusDegraded  HealthStatus = "degraded"
	HealthStatusHealthy   HealthStatus = "healthy"
	HealthStatusUnhealthy HealthStatus = "unhealthy"
	HealthStatusUnknown   HealthStatus = "unknown"
)

// The known values of IssueMode.
const (
	IssueModeAdServerConnectionBlocked   IssueMode = "ad_server_connection_blocked"
	IssueModeAsyncPollExhausted          IssueMode = "async_poll_exhausted"
	IssueModeAuthMissing                 IssueMode = "auth_missing"
	IssueModeBusinessRejected            IssueMode = "business_rejected"
	IssueModeDisabledRetired             IssueMode = "disabled_retired"
	IssueModeInputRequired               IssueMode = "input_required"
	IssueModeManualPricingUploadRequired IssueMode = "manual_pricing_upload_required"
	IssueModeReadinessBlocker            IssueMode = "readiness_blocker"
	IssueModeSourceRuntimeError          IssueMode = "source_runtime_error"
	IssueModeStaleAsync                  IssueMode = "stale_async"
	IssueModeTimeoutDegraded             IssueMode = "timeout_degraded"
)

// The known values of LatencyStatus.
const (
	LatencyStatusOverThreshold   LatencyStatus = "over_threshold"
	LatencyStatusUnknown         LatencyStatus = "unknown"
	LatencyStatusWithinThreshold LatencyStatus = "within_threshold"
)

// The known values of Severity.
const (
	// SeverityCritical keeps the source from working.
	SeverityCritical Severity = "critical"
	// SeverityOK means that nothing is wrong.
	SeverityOK Severity = "ok"
	// SeverityUnknown means that there is too little to go by.
	SeverityUnknown Severity = "unknown"
	// SeverityWarning works, and wants a look.
	SeverityWarning Severity = "warning"
)

// The known values of TestOperation.
const (
	TestOperationGetProducts TestOperation = "get_products"
)

// The known values of TestOutcome.
const (
	// OutcomeEmpty means that the agent answered and had none.
	OutcomeEmpty TestOutcome = "empty"
	// OutcomeFailed means that it answered with an error.
	OutcomeFailed TestOutcome = "failed"
	// OutcomeNotReached means that it did not answer.
	OutcomeNotReached TestOutcome = "not_reached"
	// OutcomePassed means that products came.
	OutcomePassed TestOutcome = "passed"
)

// The known values of TestRunStatus.
const (
	TestRunStatusFailed TestRunStatus = "failed"
	TestRunStatusPassed TestRunStatus = "passed"
)

// The known values of TestStepStatus.
const (
	TestStepStatusCompleted  TestStepStatus = "completed"
	TestStepStatusFailed     TestStepStatus = "failed"
	TestStepStatusNotChecked TestStepStatus = "not_checked"
)

// Announced is an agent that a domain announces. It is not registered by that.
type Announced struct {
	// The address at which the platform calls the agent, an absolute URL.
	URL string `json:"url"`

	// The name of the agent, for people.
	Name string `json:"name"`

	// What it does, in the words of the domain, such as "sales".
	Type string `json:"type"`
}

// AuthState is the state of an authentication.
type AuthState struct {
	// How the platform authenticates to the agent; empty where the platform does not say.
	Type AuthenticationType `json:"type"`

	// Whether the agent wants the platform to authenticate.
	Required bool `json:"required"`

	// Whether it has what it needs for that.
	Configured bool `json:"configured"`
}

// CapabilitySupport is whether a source supports a capability. The set is open.
type CapabilitySupport string

// Diagnosis describes a problem of a source and the remedy.
type Diagnosis struct {
	// How severe it is, from what is only worth knowing to what keeps it from working.
	Severity Severity `json:"severity"`

	// Who can repair it.
	Owner DiagnosisOwner `json:"owner"`

	// The most important cause, for people.
	TopCause string `json:"topCause"`

	// Everything that is wrong, as far as it was found; empty where nothing was.
	Issues []Issue `json:"issues"`

	// What to do about it, step by step, for people; empty where nothing is to be done.
	NextSteps []string `json:"nextSteps"`
}

// DiagnosisOwner is the party that can repair a source. The set is open.
type DiagnosisOwner string

// Diagnostics describes the operation of a source over some hours. The platform sends more than is typed here;
// client.Do returns all of it.
type Diagnostics struct {
	// The source and its health.
	Source DiagnosticsSource `json:"source"`

	// The time that was looked at.
	Window Window `json:"window"`

	// How it answered in that time.
	Performance Performance `json:"performance"`

	// What is wrong, and what to do.
	Diagnosis Diagnosis `json:"diagnosis"`
}

// DiagnosticsSource is the source that a diagnosis is about.
type DiagnosticsSource struct {
	// The platform's own id of the source.
	ID client.ID `json:"id"`

	// The id that the registration chose.
	SourceID string `json:"sourceId"`

	// The name of the source, for people.
	Name string `json:"name"`

	// What the source is executed by.
	ExecutionType ExecutionType `json:"executionType"`

	// The state of the source, such as whether it is in use.
	Status Status `json:"status"`

	// The id of the agent behind the source; empty where the platform does not say.
	AgentID client.ID `json:"agentId"`

	// The address at which the platform calls the agent, an absolute URL; empty where the platform does not say.
	EndpointURL string `json:"endpointUrl"`

	// The protocol in which the platform talks to the agent; empty where the platform does not say.
	Protocol Protocol `json:"protocol"`

	// The state of its authentication.
	Auth AuthState `json:"auth"`

	// What the source can do, as far as the platform has found out.
	Capabilities Support `json:"capabilities"`

	// Whether the source answers the platform, and since when it does not.
	Health Health `json:"health"`
}

// Discovery is the announcement of a domain about its agents.
type Discovery struct {
	// The domain that was looked at.
	Domain string `json:"domain"`

	// The domain as somebody who operates agents.
	Operator Operator `json:"operator"`

	// The domain as somebody whose inventory is sold.
	Publisher Publisher `json:"publisher"`
}

// DiscoveryMethod is the method by which an adagents.json was found. The set is open.
type DiscoveryMethod string

// DiscoveryTest is the result of a product discovery test.
type DiscoveryTest struct {
	// The source that was asked.
	Source TestSource `json:"source"`

	// The operation that the agent was asked for.
	Operation TestOperation `json:"operation"`

	// Whether products came, and if not, why.
	Outcome TestOutcome `json:"outcome"`

	// The outcome in words, for people.
	Message string `json:"message"`

	// The number of products that came, of which Products has the first.
	ProductCount int64 `json:"productCount"`

	// The first of them; at most 20.
	Products []TestProduct `json:"products"`

	// The time at which the agent was asked.
	CheckedAt time.Time `json:"checkedAt"`

	// How long it took, in milliseconds; 0 when unknown.
	DurationMs int64 `json:"durationMs"`

	// The steps of the test in their order, which tell how far it came.
	Steps []TestStep `json:"steps"`

	// The record of it; zero when none was made.
	Run TestRun `json:"run"`
}

// Health is the health of a source.
type Health struct {
	// Whether the source answers as it should.
	Status HealthStatus `json:"status"`

	// The last thing that went wrong.
	LastError string `json:"lastError"`

	// The code of the last failure; empty where there was none.
	LastErrorCode string `json:"lastErrorCode"`

	// When that was, as sent.
	LastErrorAt string `json:"lastErrorAt"`

	// When it last went well, as sent.
	LastSuccessAt string `json:"lastSuccessAt"`

	// When it was last looked at, as sent.
	LastCheckedAt string `json:"lastCheckedAt"`
}

// HealthStatus is the responsiveness of a source. The set is open.
type HealthStatus string

// Issue is one thing that is wrong with a source.
type Issue struct {
	// The kind of problem.
	Mode IssueMode `json:"mode"`

	// How severe it is, from what is only worth knowing to what keeps it from working.
	Severity Severity `json:"severity"`

	// How often it was seen.
	Count int64 `json:"count"`

	// The problem in words, for people.
	Summary string `json:"summary"`
}

// IssueMode is a kind of problem with a source. The set is open.
type IssueMode string

// LatencyStatus compares response times with their threshold. The set is open.
type LatencyStatus string

// Member is a member of the registry of agents.
type Member struct {
	// The short name of the member, as it stands in addresses.
	Slug string `json:"slug"`

	// The name of the member, for people.
	DisplayName string `json:"display_name"`
}

// Operator is a domain that operates agents.
type Operator struct {
	// The domain that was asked about, such as publisher.example.
	Domain string `json:"domain"`

	// Its membership of the registry; zero without one.
	Member Member `json:"member"`

	// The agents that the owner of the domain operates; empty where there are none.
	Agents []Announced `json:"agents"`
}

// Performance counts what a source was asked and how it answered. Rates are between 0 and 1.
type Performance struct {
	// How often it was asked.
	ExchangeCount int64 `json:"exchangeCount"`

	// The number of exchanges that the source answered.
	CompletedCount int64 `json:"completedCount"`

	// The number of exchanges that failed.
	FailedCount int64 `json:"failedCount"`

	// How many answers are still to come.
	PendingCount int64 `json:"pendingCount"`

	// How often it said no.
	RejectedCount int64 `json:"rejectedCount"`

	// How often it took too long.
	TimeoutCount int64 `json:"timeoutCount"`

	// The part that took too long.
	TimeoutRate float64 `json:"timeoutRate"`

	// The share of the exchanges that failed, 0 to 1.
	ErrorRate float64 `json:"errorRate"`

	// Whether responses come fast enough.
	LatencyStatus LatencyStatus `json:"latencyStatus"`

	// The median in milliseconds; 0 when unknown.
	P50LatencyMs int64 `json:"p50LatencyMs"`

	// The 95th percentile in milliseconds; 0 when unknown.
	P95LatencyMs int64 `json:"p95LatencyMs"`

	// The 99th percentile in milliseconds; 0 when unknown.
	P99LatencyMs int64 `json:"p99LatencyMs"`
}

// Publisher is a domain whose inventory agents may sell.
type Publisher struct {
	// The domain of the publisher, such as publisher.example.
	Domain string `json:"domain"`

	// Its membership of the registry; zero without one.
	Member Member `json:"member"`

	// Whether its adagents.json is valid; also false when there is none.
	AdagentsValid bool `json:"adagents_valid"`

	// How that file was found.
	DiscoveryMethod DiscoveryMethod `json:"discovery_method,omitzero"`

	// Where that file was found.
	ResolvedURL string `json:"resolved_url,omitzero"`

	// The properties of the publisher, as sent.
	Properties jsontext.Value `json:"properties"`

	// The agents that may sell them, as sent.
	AuthorizedAgents jsontext.Value `json:"authorized_agents"`
}

// Severity is the severity of a problem. The set is open.
type Severity string

// Support describes the capabilities of a source; each is "supported", "unsupported" or "unknown".
type Support struct {
	// The names of its tools.
	Tools []string `json:"tools"`

	// Products can be asked for.
	Products CapabilitySupport `json:"products"`

	// Whether media can be bought from it.
	CreateMediaBuy CapabilitySupport `json:"createMediaBuy"`

	// What was bought can be changed.
	UpdateMediaBuy CapabilitySupport `json:"updateMediaBuy"`

	// Signals can be asked for.
	Signals CapabilitySupport `json:"signals"`
}

// TestOperation is the operation that a test calls. The set is open.
type TestOperation string

// TestOutcome is the outcome of a test. The set is open.
type TestOutcome string

// TestParams says what to ask an agent for.
type TestParams struct {
	// The brief of the buyer; at most 2000 characters. Without one the platform has its own.
	Brief string `json:"brief,omitzero"`
}

// TestProduct is a product that came of a test.
type TestProduct struct {
	// The agent's id of it.
	ProductID string `json:"productId"`

	// The name of the product, for people; empty where the platform does not say.
	Name string `json:"name"`
}

// TestRun is the record of a test.
type TestRun struct {
	// The platform's id of the run.
	RunUID client.ID `json:"runUid"`

	// Whether the run went well.
	Status TestRunStatus `json:"status"`

	// The time of the run.
	CreatedAt time.Time `json:"createdAt"`
}

// TestRunStatus is the result of a recorded test. The set is open.
type TestRunStatus string

// TestSource names the source that a test was about.
type TestSource struct {
	// The id of the source.
	SourceID string `json:"sourceId"`

	// The name of the source, for people.
	Name string `json:"name"`
}

// TestStep is one step of a test.
type TestStep struct {
	// The name of the step.
	Key string `json:"key"`

	// The name of the step, for people.
	Label string `json:"label"`

	// Whether the step went well.
	Status TestStepStatus `json:"status"`

	// What the agent was asked in it.
	Operation string `json:"operation"`

	// What the agent answered; 0 when it did not.
	HTTPStatus int64 `json:"httpStatus"`

	// The address that the step asked; empty where the platform does not say.
	Endpoint string `json:"endpoint"`

	// What went wrong in the step, for people; empty where the platform does not say.
	Message string `json:"message"`
}

// TestStepStatus is the result of one step of a test. The set is open.
type TestStepStatus string

// Window is a stretch of time.
type Window struct {
	// The length of the window, in hours.
	Hours int64 `json:"hours"`

	// The beginning of the window.
	StartedAt time.Time `json:"startedAt"`

	// The end of the window.
	EndedAt time.Time `json:"endedAt"`
}
