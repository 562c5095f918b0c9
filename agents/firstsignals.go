package agents

import (
	"context"
	"errors"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// SignalsParams says which signals agent to register. Name, EndpointURL and BrandAgentID are required.
type SignalsParams struct {
	// Name is the display name.
	Name string `json:"name"`
	// EndpointURL is where the agent is: an absolute https URL, or http on a loopback address.
	EndpointURL string `json:"endpointUrl"`
	// BrandAgentID is the brand agent that uses it.
	BrandAgentID client.ID `json:"brandAgentId"`
	// Description states its purpose.
	Description string `json:"description,omitzero"`
	// Auth sets how the platform authenticates to it: OAuth with an issuer, as documented, or Bearer, CustomHeader,
	// NoAuth or RawAuth, whose forms are assumed.
	Auth Auth `json:"-"`
}

type signalsArguments struct {
	SignalsParams
	Config jsontext.Value `json:"config,omitzero"`
}

// SignalsAgent is a signals agent as the platform shows it, without its configuration.
type SignalsAgent struct {
	AgentID      client.ID
	Name         string
	EndpointURL  string
	BrandAgentID client.ID
	Description  string
	// Status is active, inactive or suspended.
	Status       string
	RegisteredBy string
	RegisteredAt time.Time
}

// UnmarshalJSONFrom reads an agent in any spelling.
func (a *SignalsAgent) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var object map[string]jsontext.Value
	if err := json.UnmarshalDecode(dec, &object); err != nil {
		return err
	}
	registered, _ := time.Parse(time.RFC3339, member(object, "registeredAt", "registered_at")) // zero where it is none
	*a = SignalsAgent{
		AgentID:      client.ID(member(object, "id", "agentId", "agent_id")),
		Name:         member(object, "name"),
		EndpointURL:  member(object, "endpointUrl", "endpoint_url"),
		BrandAgentID: client.ID(member(object, "brandAgentId", "brand_agent_id")),
		Description:  member(object, "description"),
		Status:       member(object, "status"),
		RegisteredBy: member(object, "registeredBy", "registered_by"),
		RegisteredAt: registered,
	}
	return nil
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (a *SignalsAgent) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, a) }

// RegisterSignals registers a signals agent. Nobody has to approve it.
func (f *FirstPlatform) RegisterSignals(ctx context.Context, p SignalsParams, opts ...client.CallOption) (*SignalsAgent,
	error,
) {
	const tool = "signals_agent_register"
	problems := newProblems(tool)
	check.Required(problems, "name", p.Name, "")
	check.Required(problems, "endpointUrl", p.EndpointURL, "")
	check.URL(problems, "endpointUrl", p.EndpointURL)
	check.Required(problems, "brandAgentId", p.BrandAgentID, "")
	args := signalsArguments{p, p.Auth.forTool(problems, Auth.signalsForm, onSignals)}
	if err := problems.err(); err != nil {
		return nil, err
	}
	var raw jsontext.Value
	if err := f.call(ctx, toolCall{tool, args, p.Auth, opts}, &raw); err != nil {
		return nil, err
	}
	var agent SignalsAgent
	err := wire.DecodeMember(raw, "agent", &agent)
	if err == nil && agent.AgentID == "" {
		err = errors.New("the response has no agent id")
	}
	if err != nil {
		return nil, unreadable(tool, raw, err)
	}
	return &agent, nil
}

// ListSignals returns the signals agents of the customer. Safe to repeat.
func (f *FirstPlatform) ListSignals(ctx context.Context, opts ...client.CallOption) ([]SignalsAgent, error) {
	const tool = "signals_agent_list"
	var raw jsontext.Value
	if err := f.call(ctx, toolCall{tool: tool, opts: opts}, &raw); err != nil {
		return nil, err
	}
	page, err := wire.DecodeList[SignalsAgent](raw, wire.ListOptions{Key: "agents"})
	if err != nil {
		return nil, unreadable(tool, raw, err)
	}
	return page.Items, nil
}

// SignalsUpdate says what to change of a signals agent. Zero fields are not sent. The platform documents that the tool
// takes the id of the agent, and no more: these are the members of a registration.
type SignalsUpdate struct {
	// Name is the display name.
	Name string `json:"name,omitzero"`
	// EndpointURL is where the agent is, as in SignalsParams.
	EndpointURL string `json:"endpointUrl,omitzero"`
	// Description states its purpose.
	Description string `json:"description,omitzero"`
	// Auth sets how the platform authenticates to it, as in SignalsParams. NoAuth is refused: the tool has no form for
	// it.
	Auth Auth `json:"-"`
}

type signalsChange struct {
	AgentID client.ID `json:"agentId"`
	SignalsUpdate
	Config jsontext.Value `json:"config,omitzero"`
}

// UpdateSignals changes a signals agent. What the platform answers is not documented; ListSignals shows what came of
// it.
func (f *FirstPlatform) UpdateSignals(ctx context.Context, agentID client.ID, p SignalsUpdate,
	opts ...client.CallOption,
) error {
	const tool = "signals_agent_update"
	problems := newProblems(tool)
	check.Required(problems, "agentId", agentID, "")
	check.URL(problems, "endpointUrl", p.EndpointURL)
	config := p.Auth.forUpdate(problems, Auth.signalsForm, onSignals)
	if p.Name == "" && p.EndpointURL == "" && p.Description == "" && config == nil {
		problems.Add("arguments", "change nothing: set a field")
	}
	if err := problems.err(); err != nil {
		return err
	}
	return f.call(ctx, toolCall{tool, signalsChange{agentID, p, config}, p.Auth, opts}, nil)
}

// UnregisterSignals removes a signals agent.
func (f *FirstPlatform) UnregisterSignals(ctx context.Context, agentID client.ID, opts ...client.CallOption) error {
	const tool = "signals_agent_unregister"
	problems := newProblems(tool)
	check.Required(problems, "agentId", agentID, "")
	if err := problems.err(); err != nil {
		return err
	}
	args := struct {
		AgentID client.ID `json:"agentId"`
	}{agentID}
	return f.call(ctx, toolCall{tool: tool, args: args, opts: opts}, nil)
}
