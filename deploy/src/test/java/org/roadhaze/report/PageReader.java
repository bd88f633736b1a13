// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Reads a page of ours, which has to be well-formed XML: stricter than HTML, and whatever is not closed or escaped fails. */
public final class PageReader {
    private static final Pattern CODE = Pattern.compile("(<(script|style)[^>]*>)(.*?)(</\\2>)", Pattern.DOTALL);

    private final Document document;

    public PageReader(final String html) throws Exception {
        final Matcher code = CODE.matcher(html);
        final String xml = code.replaceAll(match -> Matcher.quoteReplacement(match.group(1) + "<![CDATA["
                + match.group(3).replace("]]>", "]]]]><![CDATA[>") + "]]>" + match.group(4)));
        final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    /** The texts of what an XPath finds. */
    public List<String> values(final String path) throws Exception {
        final NodeList found =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
        final List<String> values = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            values.add(found.item(i).getTextContent());
        }
        return values;
    }
}
