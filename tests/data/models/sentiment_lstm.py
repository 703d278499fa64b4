import torch
import torch.nn as nn

vocab_size = 1000 + 1  # one more for the padding
embedding_dim = 64
hidden_dim = 128
n_layers = 2
device = torch.device('cuda') if torch.cuda.is_available() else torch.device('cpu')


class SentimentRNN(nn.Module):
    def __init__(self, n_layers, vocab_size, hidden_dim, embedding_dim, drop_prob=0.5):
        super(SentimentRNN,self).__init__()
        self.n_layers = n_layers
        self.hidden_dim = hidden_dim

        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=0)

        #lstm
        self.lstm = nn.LSTM(input_size=embedding_dim, hidden_size=self.hidden_dim,
                            num_layers=n_layers, batch_first=True, dropout=drop_prob)
        self.dropout = nn.Dropout(0.3)

        # linear and sigmoid layer
        self.fc = nn.Linear(self.hidden_dim, 1)
        self.sig = nn.Sigmoid()

    def forward(self, x):
        batch_size = x.size(0)
        hidden = self.init_hidden(batch_size)
        out, hidden = self.lstm(self.embedding(x), hidden)   # B x S x hidden

        # all steps as rows, so that the linear layer sees them one by one
        out = out.contiguous().view(-1, self.hidden_dim)
        out = self.sig(self.fc(self.dropout(out)))

        # back to batch first; only the last step counts
        out = out.view(batch_size, -1)
        return out[:, -1], hidden

    def init_hidden(self, batch_size):
        h0 = torch.zeros((self.n_layers, batch_size, self.hidden_dim)).to(device)
        c0 = torch.zeros((self.n_layers, batch_size, self.hidden_dim)).to(device)
        return (h0, c0)


model = SentimentRNN(n_layers, vocab_size, hidden_dim, embedding_dim, drop_prob=0.5)
model.to(device)
print(model)
