// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package agents

import (
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of AuthenticationType.
const (
	// AuthenticationAPIKey is a bearer token or an API key.
	AuthenticationAPIKey AuthenticationType = "API_KEY"
	// AuthenticationBasic is a user name and a password.
	AuthenticationBasic AuthenticationType = "BASIC_AUTH"
	// AuthenticationJWT is a token that the platform gets for a JWT it signs.
	AuthenticationJWT AuthenticationType = "JWT"
	// AuthenticationNone calls the agent without authenticating.
	AuthenticationNone AuthenticationType = "NO_AUTH"
	// AuthenticationOAuth is OAuth, which a person consents to.
	AuthenticationOAuth AuthenticationType = "OAUTH"
)

// The known values of ConnectionAuthMethod.
const (
	ConnectionAuthAPIKey             ConnectionAuthMethod = "api_key"
	ConnectionAuthBasic              ConnectionAuthMethod = "basic_auth"
	ConnectionAuthBearerToken        ConnectionAuthMethod = "bearer_token"
	ConnectionAuthCredentialExchange ConnectionAuthMethod = "credential_exchange"
	ConnectionAuthJWT                ConnectionAuthMethod = "jwt"
	ConnectionAuthNone               ConnectionAuthMethod = "none"
	ConnectionAuthOAuth2             ConnectionAuthMethod = "oauth2"
	ConnectionAuthServiceAccount     ConnectionAuthMethod = "platform_service_account"
)

// The known values of ExecutionType.
const (
	ExecutionTypeAgent             ExecutionType = "AGENT"
	ExecutionTypeLinkedStorefront  ExecutionType = "LINKED_STOREFRONT"
	ExecutionTypeManagedSalesAgent ExecutionType = "MANAGED_SALES_AGENT"
	ExecutionTypeModularSource     ExecutionType = "MODULAR_SOURCE"
)

// The known values of PollingCadence.
const (
	PollingCadenceDaily   PollingCadence = "DAILY"
	PollingCadenceMonthly PollingCadence = "MONTHLY"
)

// The known values of Protocol.
const (
	// ProtocolA2A is the Agent2Agent protocol.
	ProtocolA2A Protocol = "A2A"
	// ProtocolMCP is the Model Context Protocol.
	ProtocolMCP Protocol = "MCP"
)

// The known values of Relationship.
const (
	// RelationshipMarketplace is offered to everybody.
	RelationshipMarketplace Relationship = "MARKETPLACE"
	// RelationshipSelf is an agent of the customer itself.
	RelationshipSelf Relationship = "SELF"
)

// The known values of ReportingType.
const (
	ReportingTypeBucket  ReportingType = "BUCKET"
	ReportingTypePolling ReportingType = "POLLING"
	ReportingTypeWebhook ReportingType = "WEBHOOK"
)

// The known values of Status.
const (
	// StatusActive is in use.
	StatusActive Status = "ACTIVE"
	// StatusDisabled is out of use.
	StatusDisabled Status = "DISABLED"
	// StatusPending waits, mostly for its authentication.
	StatusPending Status = "PENDING"
)

// The known values of Type.
const (
	// TypeCreative makes creatives.
	TypeCreative Type = "CREATIVE"
	// TypeOutcome measures outcomes.
	TypeOutcome Type = "OUTCOME"
	// TypeSales sells inventory.
	TypeSales Type = "SALES"
	// TypeSignal offers signals.
	TypeSignal Type = "SIGNAL"
)

// Agent is an agent that the storefront can use, as lists show it.
type Agent struct {
	// The id of the agent.
	AgentID client.ID `json:"agentId"`

	// What the agent is for, such as selling inventory.
	Type Type `json:"type"`

	// The name of the agent, for people.
	Name string `json:"name"`

	// The protocol in which the platform talks to the agent.
	Protocol Protocol `json:"protocol"`

	// The state of it; an agent of the marketplace may be StatusComingSoon.
	Status Status `json:"status"`

	// Whether the agent is the customer's own or one of the marketplace.
	Relationship Relationship `json:"relationship"`

	// Whether it wants a credential of each operator.
	RequiresOperatorAuth bool `json:"requiresOperatorAuth"`

	// Whether it wants an account of each customer.
	RequiresAccount bool `json:"requiresAccount"`

	// Whether the platform has what it needs to authenticate to it.
	AuthConfigured bool `json:"authConfigured"`

	// The time of the registration.
	CreatedAt time.Time `json:"createdAt"`

	// How many accounts the customer has with it.
	CustomerAccountCount int64 `json:"customerAccountCount"`
}

// AuthenticationType is the method by which the platform authenticates to an agent. The set is open.
type AuthenticationType string

// AuthorizeAccountParams says how a person's consent to the use of an account is to go on.
type AuthorizeAccountParams struct {
	// Where the person is sent afterwards, as in AuthorizeParams.
	RedirectURI string `json:"redirectUri,omitzero"`

	// What the agent calls the account.
	AccountIdentifier string `json:"accountIdentifier,omitzero"`
}

// AuthorizeParams says how a person's consent is to go on. The zero value takes the platform's own way.
type AuthorizeParams struct {
	// Where the person is sent afterwards: an absolute https URL, or http on a loopback address; at
	// most 2048 characters.
	RedirectURI string `json:"redirectUri,omitzero"`
}

// Billing describes how an agent or an account can be billed.
type Billing struct {
	// What is taken where nothing else is said.
	Default string `json:"default"`

	// The ways of billing that can be chosen; empty where the platform names none.
	Supported []string `json:"supported"`
}

// Capabilities are what an agent says it can do.
type Capabilities struct {
	// The version of what it speaks.
	Version string `json:"version"`

	// The parts of the protocol it has.
	Protocols []string `json:"protocols"`

	// The names of its tools.
	Tools []string `json:"tools"`

	// Whether it wants a credential of each operator.
	RequireOperatorAuth bool `json:"requireOperatorAuth"`

	// How it bills where nothing else is said.
	DefaultBilling string `json:"defaultBilling"`

	// The ways in which the agent can bill; empty where it names none.
	SupportedBillings []string `json:"supportedBillings"`
}

// ConnectionAuthMethod is the authentication method of a published connection. The set is open.
type ConnectionAuthMethod string

// ConnectionContract names a contract that is published for a kind of connection.
type ConnectionContract struct {
	// Its id: small letters, digits, _ and -, beginning with a letter; at most 128 characters.
	ID string `json:"id"`

	// The version of the contract, counted from 1.
	Version int `json:"version"`

	// How the connection authenticates.
	AuthenticationMethod ConnectionAuthMethod `json:"authenticationMethod"`
}

// Consent describes the consent that a person must give before an agent can be used by OAuth.
type Consent struct {
	// The page where the person signs in and consents.
	AuthorizationURL string `json:"authorizationUrl"`

	// The agent it is about.
	AgentID client.ID `json:"agentId"`

	// What the page calls it.
	AgentName string `json:"agentName"`
}

// CustomerAccount is the customer's account with an agent.
type CustomerAccount struct {
	// The id of the account.
	ID client.ID `json:"id"`

	// What the agent calls it.
	AccountIdentifier string `json:"accountIdentifier"`

	// The state of it. The set is not documented.
	Status string `json:"status"`

	// Who registered it, as sent; empty where the platform does not say.
	RegisteredBy string `json:"registeredBy"`

	// The time of the registration.
	CreatedAt time.Time `json:"createdAt"`
}

// Detail is an agent in full.
type Detail struct {
	// The id of the agent.
	AgentID client.ID `json:"agentId"`

	// What the agent is for, such as selling inventory.
	Type Type `json:"type"`

	// The name of the agent, for people.
	Name string `json:"name"`

	// The description of the agent, for people; empty where the platform does not say.
	Description string `json:"description,omitzero"`

	// The address at which the platform calls the agent, an absolute URL.
	EndpointURL string `json:"endpointUrl"`

	// The protocol in which the platform talks to the agent.
	Protocol Protocol `json:"protocol"`

	// How the platform authenticates to it.
	AuthenticationType AuthenticationType `json:"authenticationType"`

	// Whether it wants a credential of each operator.
	RequiresOperatorAuth bool `json:"requiresOperatorAuth"`

	// How it can be billed.
	BillingOptions Billing `json:"billingOptions,omitzero"`

	// The state of it; an agent of the marketplace may be StatusComingSoon.
	Status Status `json:"status"`

	// Whether the agent is the customer's own or one of the marketplace.
	Relationship Relationship `json:"relationship"`

	// The customer who registered it.
	CustomerID client.ID `json:"customerId"`

	// How the agent reports; empty where the platform does not say.
	ReportingType ReportingType `json:"reportingType,omitzero"`

	// How often reports are fetched; set with ReportingTypePolling only.
	ReportingPollingCadence PollingCadence `json:"reportingPollingCadence,omitzero"`

	// How many accounts the customer has with it.
	CustomerAccountCount int64 `json:"customerAccountCount"`

	// Whether that is more than none.
	HasCustomerAccount bool `json:"hasCustomerAccount"`

	// Whether the platform has an account of its own with it.
	HasMasterAccount bool `json:"hasMasterAccount"`

	// The account of the customer; zero without one.
	CustomerAccount CustomerAccount `json:"customerAccount,omitzero"`

	// The time of the registration.
	CreatedAt time.Time `json:"createdAt"`

	// When it was last changed.
	UpdatedAt time.Time `json:"updatedAt"`

	// Where a person has to consent; zero when nobody has to.
	OAuth Consent `json:"oauth,omitzero"`
}

// ExecutionType is the kind of connection that executes a source. The set is open.
type ExecutionType string

// PollingCadence is the interval at which reports are fetched. The set is open.
type PollingCadence string

// Protocol is the protocol of an agent. The set is open.
type Protocol string

// RegisterParams says which agent to register. That the first six fields are required is documented in words;
// the platform's specification requires less of them.
type RegisterParams struct {
	// Required. The id that the source shall have, at most 255 characters. You choose it, so that you can find
	// out whether a registration took place whose answer was lost.
	SourceID string `json:"sourceId,omitzero"`

	// Required. The name of the source, for people; at most 255 characters.
	Name string `json:"name"`

	// Required. What the agent is for, such as selling inventory.
	Type Type `json:"type,omitzero"`

	// Required. The address of the agent: an absolute https URL, or http on a loopback address; at most 2048
	// characters.
	EndpointURL string `json:"endpointUrl,omitzero"`

	// Required. The protocol in which the platform talks to the agent at its endpoint.
	Protocol Protocol `json:"protocol,omitzero"`

	// Required; NoAuth says that there is nothing to authenticate with. How the platform authenticates to
	// the agent. It also decides authenticationType and oauthAudience of
	// the request, and is no part of what encoding the params gives.
	Auth Auth `json:"-"`

	// What it is for; at most 2000 characters.
	Description string `json:"description,omitzero"`

	// The published contract that the connection follows, for agents that have one.
	ConnectionContract ConnectionContract `json:"connectionContract,omitzero"`
}

// Relationship is whose an agent is. The set is open.
type Relationship string

// ReportingType is the reporting method of an agent. The set is open.
type ReportingType string

// Source is an inventory source of the storefront: an agent that was registered, or another connection, of
// which only what they have in common is here. It never holds a secret.
type Source struct {
	// The platform's own id of the source.
	ID client.ID `json:"id"`

	// The id that the registration chose; the one that calls take.
	SourceID string `json:"sourceId"`

	// The name of the source, for people.
	Name string `json:"name"`

	// What the source is executed by.
	ExecutionType ExecutionType `json:"executionType"`

	// The state of the source, such as whether it is in use.
	Status Status `json:"status"`

	// The agent behind it; empty while there is none.
	AgentID client.ID `json:"agentId"`

	// What the agent is for, such as selling inventory; empty where the platform does not say.
	Type Type `json:"type,omitzero"`

	// The address at which the platform calls the agent, an absolute URL; empty where the platform does not say.
	EndpointURL string `json:"endpointUrl,omitzero"`

	// The protocol in which the platform talks to the agent; empty where the platform does not say.
	Protocol Protocol `json:"protocol,omitzero"`

	// The description of the source, for people; empty where the platform does not say.
	Description string `json:"description,omitzero"`

	// How the platform authenticates to it.
	AuthenticationType AuthenticationType `json:"authenticationType,omitzero"`

	// Whether the platform has what it needs for that.
	AuthConfigured bool `json:"authConfigured,omitzero"`

	// Where a person has to consent; zero when nobody has to.
	OAuth Consent `json:"oauth,omitzero"`

	// The time of the registration.
	CreatedAt time.Time `json:"createdAt"`

	// When it was last changed.
	UpdatedAt time.Time `json:"updatedAt"`
}

// Status is the state of an agent or a source. The set is open.
type Status string

// Type is the kind of an agent. The set is open.
type Type string

// UpdateParams says what to change of a source. Zero fields are not sent and stay as they are.
type UpdateParams struct {
	// The new name; at most 255 characters.
	Name string `json:"name,omitzero"`

	// The new state. From StatusPending to StatusActive it goes only once the authentication is
	// configured; until then the error matches client.ErrInvalidState.
	Status Status `json:"status,omitzero"`

	// The new place of the agent, as in RegisterParams.
	EndpointURL string `json:"endpointUrl,omitzero"`

	// The protocol in which the platform talks to the agent at its endpoint.
	Protocol Protocol `json:"protocol,omitzero"`

	// The new authentication, as in RegisterParams.
	Auth Auth `json:"-"`

	// The new description; at most 2000 characters.
	Description string `json:"description,omitzero"`
}
