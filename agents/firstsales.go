package agents

import (
	"context"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// SalesProtocol is the protocol of a sales agent of the first platform.
type SalesProtocol string

// The protocols; the platform takes none as SalesAdCP.
const (
	SalesAdCP SalesProtocol = "adcp"
	SalesMCP  SalesProtocol = "mcp"
	SalesA2A  SalesProtocol = "a2a"
)

// Approval is the approval that a sales agent of the first platform needs before its inventory is live.
type Approval string

// ApprovalOutOfBand means that Scope3 tests and approves the agent first, and that no call requests that or reports
// whether it has happened: talk to Scope3.
const ApprovalOutOfBand Approval = "OUT_OF_BAND"

// SalesParams says which sales agent to register. EndpointURL and Name are required.
type SalesParams struct {
	// EndpointURL is where the agent is: an absolute https URL, or http on a loopback address.
	EndpointURL string `json:"endpoint_url"`
	// Name is the display name; at most 100 characters.
	Name string `json:"name"`
	// Protocol is the protocol it speaks. Empty is SalesAdCP.
	Protocol SalesProtocol `json:"protocol,omitzero"`
	// AccountIdentifier is the agent's name for the customer's account.
	AccountIdentifier string `json:"account_identifier,omitzero"`
	// Auth sets how the platform authenticates to it: Bearer, APIKey, OAuth with an issuer, CustomHeader, NoAuth or
	// RawAuth.
	Auth Auth `json:"-"`
	// Description states its purpose.
	Description string `json:"description,omitzero"`
}

type salesArguments struct {
	SalesParams
	AuthConfig jsontext.Value `json:"auth_config,omitzero"`
}

// SalesRegistration is a sales agent that was registered.
type SalesRegistration struct {
	// AgentID is the id of the agent, which is the same for all customers that registered its endpoint.
	AgentID client.ID `json:"agentId"`
	// CustomerID is the customer whose account with the agent was created.
	CustomerID client.ID `json:"customerId"`
	// IsNewAgent reports whether nobody had registered the agent before.
	IsNewAgent bool `json:"isNewAgent"`
	// Status is the state of the registration, if the platform reports it: active from the start, which does not mean
	// approved.
	Status string `json:"status"`
	// Approval is ApprovalOutOfBand: the platform has no other rule for agents that customers add.
	Approval Approval `json:"-"`
}

// RegisterSales registers a sales agent, or the customer's account with one that others have registered. It gets no
// live inventory before Scope3 has tested and approved it, which happens out of band: see Approval in the answer.
func (f *FirstPlatform) RegisterSales(ctx context.Context, p SalesParams,
	opts ...client.CallOption,
) (*SalesRegistration, error) {
	const tool = "sales_agents_register"
	problems := newProblems(tool)
	check.Required(problems, "endpoint_url", p.EndpointURL, "")
	check.URL(problems, "endpoint_url", p.EndpointURL)
	check.Required(problems, "name", p.Name, "")
	check.MaxLength(problems, "name", p.Name, 100)
	check.OneOf(problems, "protocol", p.Protocol, SalesAdCP, SalesMCP, SalesA2A)
	args := salesArguments{p, p.Auth.forTool(problems, Auth.salesForm, onSales)}
	if err := problems.err(); err != nil {
		return nil, err
	}
	var raw jsontext.Value
	if err := f.call(ctx, toolCall{tool, args, p.Auth, opts}, &raw); err != nil {
		return nil, err
	}
	registered := SalesRegistration{Approval: ApprovalOutOfBand}
	if err := wire.Decode(raw, &registered); err != nil {
		return nil, unreadable(tool, raw, err)
	}
	if registered.AgentID == "" {
		return nil, unreadable(tool, raw, errors.New("it shows no agentId"))
	}
	return &registered, nil
}

// SalesAgent is a sales agent in a list. The platform does not document the list: what it does not send is empty.
type SalesAgent struct {
	AgentID           client.ID
	Name              string
	EndpointURL       string
	Protocol          SalesProtocol
	Status            string
	AccountIdentifier string
	Description       string
	// Approval is ApprovalOutOfBand, whatever Status says.
	Approval Approval
}

// UnmarshalJSONFrom reads the spellings of both generations of the tools.
func (a *SalesAgent) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var object map[string]jsontext.Value
	if err := json.UnmarshalDecode(dec, &object); err != nil {
		return err
	}
	*a = SalesAgent{
		AgentID:           client.ID(member(object, "agentId", "sales_agent_id", "salesAgentId", "id")),
		Name:              member(object, "name"),
		EndpointURL:       member(object, "endpoint_url", "endpointUrl"),
		Protocol:          SalesProtocol(member(object, "protocol")),
		Status:            member(object, "status"),
		AccountIdentifier: member(object, "account_identifier", "accountIdentifier"),
		Description:       member(object, "description"),
		Approval:          ApprovalOutOfBand,
	}
	return nil
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (a *SalesAgent) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, a) }

// ListSales returns the sales agents that the customer can use. Safe to repeat.
func (f *FirstPlatform) ListSales(ctx context.Context, opts ...client.CallOption) ([]SalesAgent, error) {
	const tool = "sales_agents_list"
	var raw jsontext.Value
	if err := f.call(ctx, toolCall{tool: tool, opts: opts}, &raw); err != nil {
		return nil, err
	}
	page, err := wire.DecodeList[SalesAgent](raw, wire.ListOptions{Key: "agents"})
	if err != nil {
		return nil, unreadable(tool, raw, err)
	}
	return page.Items, nil
}

// SalesUpdate says what to change of the customer's account with a sales agent. Zero fields are not sent.
type SalesUpdate struct {
	// AccountIdentifier is the agent's name for the customer's account.
	AccountIdentifier string `json:"account_identifier,omitzero"`
	// Auth sets how the platform authenticates to it, as in SalesParams. NoAuth is refused: the tool has no form for it.
	Auth Auth `json:"-"`
	// Status is the new state. The set is not documented.
	Status string `json:"status,omitzero"`
}

type salesChange struct {
	SalesAgentID client.ID `json:"sales_agent_id"`
	SalesUpdate
	AuthConfig jsontext.Value `json:"auth_config,omitzero"`
}

// UpdateSales changes the customer's account with a sales agent. What the platform answers is not documented; ListSales
// shows what came of it.
func (f *FirstPlatform) UpdateSales(ctx context.Context, agentID client.ID, p SalesUpdate,
	opts ...client.CallOption,
) error {
	const tool = "sales_agents_update"
	problems := newProblems(tool)
	check.Required(problems, "sales_agent_id", agentID, "")
	config := p.Auth.forUpdate(problems, Auth.salesForm, onSales)
	if p.AccountIdentifier == "" && p.Status == "" && config == nil {
		problems.Add("arguments", "change nothing: set a field")
	}
	if err := problems.err(); err != nil {
		return err
	}
	return f.call(ctx, toolCall{tool, salesChange{agentID, p, config}, p.Auth, opts}, nil)
}

// UnregisterSales ends the customer's account with a sales agent. It sends the confirmation that the tool wants.
func (f *FirstPlatform) UnregisterSales(ctx context.Context, agentID client.ID, opts ...client.CallOption) error {
	const tool = "sales_agents_unregister"
	problems := newProblems(tool)
	check.Required(problems, "sales_agent_id", agentID, "")
	if err := problems.err(); err != nil {
		return err
	}
	args := struct {
		SalesAgentID client.ID `json:"sales_agent_id"`
		Confirm      bool      `json:"confirm"`
	}{agentID, true}
	return f.call(ctx, toolCall{tool: tool, args: args, opts: opts}, nil)
}
